"""A suspended merchant: nothing new, no money moved by its keys, and what is under way finishes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.payment import capture, init, refund, transaction, void
from functions.sandbox import card_page_submit
from shared.domain.errors import Forbidden
from shared.domain.ids import PaymentId
from shared.domain.payment import Status, Tender
from shared.usecases.link.create_link import NewLink, create_link
from shared.usecases.link.open_link import open_link
from shared.usecases.merchant.suspend_merchant import suspend_merchant
from tests.unit.cards.customer import Customer
from tests.unit.edge.conftest import PUBLISHABLE, SECRET, Edge, Watch
from tests.unit.edge.requests import Answer, ask
from tests.unit.links.desk import Desk
from tests.unit.usecases.moody import says_nothing
from tools.testing.builders import MERCHANT, a_credential, a_merchant, an_office, euro
from tools.testing.fakes import NOON

ORDER = NewLink(euro(50_00), "https://p.example", timedelta(days=1))
CARD = {"number": "4242424242424242", "holderName": "Ada", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}


def suspend(edge: Edge, resume: bool = False) -> None:
    suspend_merchant(MERCHANT, office=an_office(edge.world.merchants), resume=resume)


def pay_by_card(created: Answer) -> Answer:
    return ask(card_page_submit.handler, dict(CARD), path={"paymentID": created.json["igfs"]["paymentId"]})


@pytest.mark.parametrize("key", [PUBLISHABLE, SECRET])
def test_its_keys_create_nothing_and_are_told_why_until_it_is_resumed(edge: Edge, key: str) -> None:
    suspend(edge)

    refused = ask(init.handler, {"amount": 10}, key=key)

    assert (refused.status, refused.json["code"]) == (403, "merchant_suspended")
    assert "suspended" in refused.json["message"]
    suspend(edge, resume=True)
    assert ask(init.handler, {"amount": 10}, key=key).status == 200


def test_no_link_is_made_and_none_opens_a_payment() -> None:
    desk = Desk()
    desk.ask()
    suspend_merchant(MERCHANT, office=an_office(desk.world.merchants))

    with pytest.raises(Forbidden):
        open_link(desk.link_id, world=desk.world, links=desk.links)
    with pytest.raises(Forbidden):
        create_link(
            ORDER,
            a_credential(merchant=desk.world.merchants.get(MERCHANT)),
            world=desk.world,
            links=desk.links,
            seed=bytes(64),
        )


def test_what_was_paid_is_given_back_all_the_same(edge: Edge) -> None:
    created = ask(init.handler, {"amount": 10, "paymentMode": "SALE_DIRECT"}, key=SECRET)
    assert pay_by_card(created).json["outcome"] == "APPROVED"
    suspend(edge)

    refunded = ask(refund.handler, {}, key=SECRET, path={"transactionId": created.json["transactionId"]})

    assert (refunded.status, refunded.json["status"]) == (200, "REFUNDED")


def test_a_payment_under_way_is_paid_read_and_released_but_not_captured_by_a_key(edge: Edge, watch: Watch) -> None:
    created = ask(init.handler, {"amount": 10}, key=SECRET)
    path = {"transactionId": created.json["transactionId"]}
    suspend(edge)

    assert pay_by_card(created).json["outcome"] == "APPROVED"
    assert ask(transaction.handler, key=SECRET, path=path).json["status"] == "CARD_PREAUTH_SUCCESS"
    assert ask(capture.handler, {}, key=SECRET, path=path).json["code"] == "merchant_suspended"
    assert ask(void.handler, {}, key=SECRET, path=path).status == 202  # no machine runs here
    assert edge.world.payments.get(PaymentId(path["transactionId"])).tender is Tender.VOID


def test_its_saved_cards_are_not_charged_and_a_charge_under_way_is_still_resolved() -> None:
    customer = Customer()
    (card,) = customer.has()
    customer.moods["charge"] = says_nothing
    under_way = customer.pays(card, seed=b"u" * 64)
    assert under_way.status is Status.PROCESSING
    customer.moods.clear()
    gone = a_credential(merchant=replace(a_merchant(), suspended_at=NOON))
    calls, known = len(customer.gateways.asked), len(customer.world.payments.all())

    with pytest.raises(Forbidden) as refused:
        customer.pays(card, credential=gone)

    assert refused.value.error_code == "merchant_suspended"
    assert (len(customer.gateways.asked), len(customer.world.payments.all())) == (calls, known)
    again = customer.pays(card, credential=gone, seed=b"u" * 64, repeated=True)
    assert (again.id, again.status) == (under_way.id, Status.PROCESSING)
