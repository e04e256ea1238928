"""Notices in Glomopay's words: which events, which bytes, which signature, and when again."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from functions.glomopay.order_get import handler as read_order
from functions.glomopay.refund_create import handler as refund
from functions.glomopay.refund_get import handler as read_refund
from shared.domain.event import EndpointFacts, Event, EventType, Facts
from shared.domain.ids import EndpointId
from shared.domain.merchant import SignatureEncoding
from shared.domain.payment import Environment
from shared.families.glomopay.notices import GlomopayFormat, canonical, signature
from shared.families.registry import NOTICES
from shared.ports.webhooks import Signing
from shared.usecases.order.look_after_orders import sweep_orders
from tests.schemas import check_notice, notices
from tests.unit.edge.conftest import SECRET, Edge
from tests.unit.edge.requests import ask
from tests.unit.glomopay.shop import DECLINED_CARD, PLAIN_CARD, begun, order, shown, spoken
from tools.testing.builders import an_event
from tools.testing.fakes import NOON, FakeOrders

FORMAT = GlomopayFormat()
VECTOR = (
    b'{"data":{"amount":250000,"beneficiary":{"country":"DEU","name":"Acme GmbH"},'
    b'"created_at":"2026-09-09T07:00:09Z","currency":"USD","id":"payout_6a8fd80eo6coZ","status":"success"},"entity_type":"payout","event_type":"success"}'
)


def test_every_notice_has_a_schema_and_every_schema_a_notice() -> None:
    schemas = notices("glomopay")
    described = {
        f"{entity}.{event}" for entity, s in schemas.items() for event in s["properties"]["event_type"]["enum"]
    }

    assert described == GlomopayFormat().names
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


def data_of(event: Event) -> dict[str, Any]:
    return dict(json.loads(FORMAT.body(event))["data"])


def test_the_published_vector_is_signed_as_published() -> None:
    expected = "d5b5a68b9729f41c4a46f1e94c750bf10fb32f345a5467cbfec7739df83f2c02"

    assert signature("whsec_2f1c9b7a4d6e8031", VECTOR) == expected
    assert canonical(json.loads(VECTOR)) == VECTOR


def test_bodies_are_canonical_json() -> None:
    told = {"b": {"ü": 1, "a": [True, None]}, "a": 'caffè €/\u001f\n"', "é": "\u007f"}

    assert canonical(told) == '{"a":"caffè €/\\u001f\\n\\"","b":{"a":[true,null],"ü":1},"é":"\u007f"}'.encode()


def test_a_paid_order_tells_both_words_once_and_shows_what_a_read_shows(edge: Edge, customer: dict[str, Any]) -> None:
    mine = order(customer, notes={"key": "caffè"})
    holder = begun(mine, PLAIN_CARD)
    holder.answer(None)
    holder.answer(None)

    told = dict(spoken(edge))

    assert [name for name, _ in spoken(edge)] == ["payment.success", "orders.paid"]
    assert data_of(told["payment.success"]) == shown(holder.id)
    assert data_of(told["orders.paid"]) == ask(read_order, key=SECRET, path={"id": mine}).json
    assert json.loads(FORMAT.body(told["orders.paid"])).keys() == {"data", "entity_type", "event_type"}


def test_a_failed_payment_and_an_expired_order_are_told_once(
    edge: Edge, orders: FakeOrders, customer: dict[str, Any]
) -> None:
    mine = order(customer, expires_at="2026-03-02T13:00:00Z")
    holder = begun(mine, DECLINED_CARD)
    holder.answer(None)
    edge.world.now.advance(hours=1)
    sweep_orders(10, world=edge.world, orders=orders)

    assert [name for name, _ in spoken(edge)] == ["payment.failed", "orders.expired"]
    assert data_of(spoken(edge)[0][1]) == shown(holder.id)


@pytest.mark.parametrize(("number", "name"), [(PLAIN_CARD, "refund.success"), ("4000000000005126", "refund.failed")])
def test_a_refund_is_told_as_it_ended(edge: Edge, customer: dict[str, Any], number: str, name: str) -> None:
    holder = begun(order(customer), number)
    holder.answer(None)
    made = ask(refund, {"payment_id": holder.id, "amount": 300, "request_id": "r-1"}, key=SECRET).json

    told, event = spoken(edge)[-1]

    assert told == name
    assert data_of(event) == ask(read_refund, key=SECRET, path={"id": made["id"]}).json


def test_it_speaks_of_its_own_family_alone_and_of_tests() -> None:
    theirs = an_event()
    test = an_event(
        type=EventType.ENDPOINT_TEST,
        subject="we_1",
        facts=Facts(endpoint=EndpointFacts(EndpointId("we_1"), "https://shop.example/hook")),
    )

    assert FORMAT.name(theirs) is None
    assert FORMAT.name(test) == "webhook_test.test"
    check_notice("glomopay", "webhook_test", json.loads(FORMAT.body(test)))
    assert FORMAT.body(test) == (
        b'{"data":{"id":"we_1","url":"https://shop.example/hook"},"entity_type":"webhook_test","event_type":"test"}'
    )


def test_other_formats_have_no_words_for_orders(edge: Edge, customer: dict[str, Any]) -> None:
    begun(order(customer), PLAIN_CARD).answer(None)
    for event in edge.world.events.told:
        for name in ("union", "event", "flat"):
            spoken_of = NOTICES.formats[name].name(event)
            assert (spoken_of is None) == (event.type is EventType.ORDER_PAID)


def test_every_attempt_has_the_same_body_and_one_signature_header(edge: Edge, customer: dict[str, Any]) -> None:
    begun(order(customer), PLAIN_CARD).answer(None)
    event = spoken(edge)[0][1]
    secrets, url = ("whsec_newest_one_123", "whsec_older_one_1234"), "https://shop.example/hook"

    first, later = (
        FORMAT.render(Signing(event, f"d{n}", url, secrets, SignatureEncoding.BASE64, NOON)) for n in (1, 2)
    )

    assert (first.body, first.headers) == (later.body, later.headers)
    assert first.headers == {
        "Content-Type": "application/json",
        "X-Glomopay-Signature": hmac.new(secrets[0].encode(), first.body, hashlib.sha256).hexdigest(),
    }


@pytest.mark.parametrize(
    ("environment", "interval", "waits"),
    [
        (Environment.LIVE, 300, (60, 300, 900, 3600, 10800, 21600, 43200, 86400, 172800)),
        (Environment.TEST, 300, (60, 120, 300, 600, 1800)),
        (Environment.TEST, 5, (1, 2, 5, 10, 30)),
        (Environment.TEST, 1, (1, 1, 1, 2, 6)),
    ],
)
def test_retries_have_a_schedule_of_their_own_scaled_by_the_interval(
    environment: Environment, interval: int, waits: tuple[int, ...]
) -> None:
    assert FORMAT.schedule(interval, environment).waits == waits


def test_the_schemas_notice_a_missing_field_a_wrong_type_and_a_status_that_is_not_the_events(
    edge: Edge, customer: dict[str, Any]
) -> None:
    begun(order(customer), PLAIN_CARD).answer(None)
    told = json.loads(FORMAT.body(spoken(edge)[0][1]))
    data = told["data"]
    for broken in (
        {key: value for key, value in data.items() if key != "payin_id"},
        {**data, "amount": "1000"},
        {**data, "status": "failed"},
        {**data, "paid_at": None},
        {**data, "created_at": "2026-03-02 12:00:00"},
    ):
        with pytest.raises(ValidationError):
            check_notice("glomopay", "payment", {**told, "data": broken})
    with pytest.raises(AssertionError):
        check_notice("glomopay", "payment", {**told, "data": {**data, "unheard_of": 1}})
