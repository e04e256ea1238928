"""Instant notifications: which are told, to whom, in which bytes; and the service's settings."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from jsonschema import Draft202012Validator

from functions.merchant.paygol_get import handler as read
from functions.merchant.paygol_rotate_secret import handler as rotate
from functions.merchant.paygol_update import handler as update
from functions.merchant.webhooks_delete import handler as delete
from functions.paygol.auth_token import handler as auth_token
from shared.bootstrap import core
from shared.domain.event import Event, EventType
from shared.domain.merchant import SignatureEncoding
from shared.domain.method import MethodKind
from shared.domain.payment import Mode
from shared.domain.signature import payglobe
from shared.domain.statuses import DisputeStatus
from shared.families.paygol.notices import FORMATS, InstantNotification, format_of
from shared.families.paygol.signing import HEADER, signature
from shared.families.paygol.statuses import PaygolStatus, status_of
from shared.ports.webhooks import Outgoing, Signing
from tests.schemas import check_notice, notices
from tests.unit.disputes.bank import Bank
from tests.unit.edge.requests import Answer, ask
from tests.unit.methods.counter import Counter
from tests.unit.paygol.conftest import SECRET, Shop
from tests.unit.usecases.till import Till
from tests.webhook_fakes import OWN_SECRET, SHOP, TEST
from tests.webhook_fakes import Shop as Engine
from tools.testing.builders import a_secret, euro
from tools.testing.fakes import NOON, FakeDoings

KEY = "sk_test_PaygolShop123"
URL = "https://shop.example/ipn?wc-api=Paygol&a=b%20c"


def told(counter: Counter) -> list[Event]:
    return list(counter.world.events.told)


def of_a_payment(origin: str = "api", *, custom: str = "a/b \u00e9 \U0001f600", **how: Any) -> Counter:
    """A transaction that was begun by an API or a form."""
    counter = Counter()
    own = {"service_id": "123", "origin": origin}
    counter.ask(family="paygol", reference=custom, family_data=own)
    counter.choose_method(**how)
    counter.world.payments.add(replace(counter.payment, family_data=own, family="paygol"))
    counter.begin()
    return counter


def rendered(event: Event, form: InstantNotification, url: str = URL) -> Outgoing:
    return form.render(Signing(event, "dl_1", url, (SECRET,), SignatureEncoding.BASE64, NOON))


def names(counter: Till, form: InstantNotification) -> list[str]:
    return [name for event in counter.world.events.told if (name := form.name(event))]


AUTO, FIRST, SECOND = (FORMATS[format_of(version, "GET")] for version in ("auto", "1", "2"))


# ---- which -------------------------------------------------------------------------------------------


def test_what_was_paid_is_told_once_to_both_kinds_of_reader() -> None:
    counter = of_a_payment()
    counter.pay()

    for form in (AUTO, FIRST, SECOND):
        assert names(counter, form) == ["completed"]


@pytest.mark.parametrize(("action", "status"), [("reject", "rejected"), ("fail", "failed"), ("expire", "expired")])
def test_an_unpaid_end_is_told_once_and_never_to_who_takes_any_notice_as_paid(action: str, status: str) -> None:
    from shared.domain.method import Action

    counter = of_a_payment()
    counter.acts(Action(action))

    assert names(counter, SECOND) == names(counter, AUTO) == [status]
    assert names(counter, FIRST) == []


def test_who_left_is_told_as_cancelled() -> None:
    counter = of_a_payment()
    counter.cancel()

    assert names(counter, SECOND) == ["cancelled"]


def test_a_part_that_went_back_is_no_news_and_the_whole_is() -> None:
    counter = of_a_payment()
    counter.pay()
    counter.refund(euro(50_00))
    assert names(counter, SECOND) == ["completed"]
    counter.refund()

    assert names(counter, SECOND) == ["completed", "refunded"]
    assert names(counter, FIRST) == ["completed"]


def of_a_card(origin: str = "api") -> Bank:
    """A transaction that a card paid, and the bank that may dispute it."""
    bank = Bank()
    own = {"service_id": "123", "origin": origin}
    bank.open(euro(150_00), Mode.SALE_DIRECT, family="paygol", method="creditcard", family_data=own)
    bank.pay_by_card()
    return bank


def test_a_lost_dispute_is_told_as_a_chargeback_once_and_the_status_says_so() -> None:
    bank = of_a_card()
    bank.says(DisputeStatus.OPEN)
    assert status_of(bank.payment) is PaygolStatus.COMPLETED
    bank.says(DisputeStatus.LOST, at=1)
    bank.says(DisputeStatus.LOST, at=2, psp_id="another")

    assert status_of(bank.payment) is PaygolStatus.CHARGEBACK
    assert names(bank, SECOND) == names(bank, AUTO) == ["completed", "chargeback"]
    assert names(bank, FIRST) == ["completed"]
    event = next(event for event in bank.world.events.told if SECOND.name(event) == "chargeback")
    body = json.loads(rendered(event, SECOND).body)
    assert (body["status"], body["transaction_id"], body["method"]) == ("chargeback", bank.id, "creditcard")


def test_a_chargeback_is_the_last_status_whatever_comes_after_it() -> None:
    bank = of_a_card()
    bank.says(DisputeStatus.LOST)
    bank.refund(euro(100_00))
    bank.says(DisputeStatus.OPEN, at=2, reopens=True)
    bank.says(DisputeStatus.WON, at=3)

    assert status_of(bank.payment) is PaygolStatus.CHARGEBACK
    bank.refund()
    assert bank.state == "REFUNDED"
    assert status_of(bank.payment) is PaygolStatus.CHARGEBACK
    assert names(bank, SECOND) == ["completed", "chargeback"]


def test_a_transaction_that_was_given_back_stays_refunded_when_a_bank_takes_it_too() -> None:
    bank = of_a_card()
    bank.refund()
    bank.says(DisputeStatus.LOST)

    assert status_of(bank.payment) is PaygolStatus.REFUNDED
    assert names(bank, SECOND) == ["completed", "refunded"]


def test_a_dispute_that_is_won_leaves_a_transaction_completed_and_tells_nothing() -> None:
    bank = of_a_card()
    bank.says(DisputeStatus.OPEN)
    bank.says(DisputeStatus.WON, at=1)

    assert status_of(bank.payment) is PaygolStatus.COMPLETED
    assert names(bank, SECOND) == ["completed"]


def test_auto_writes_to_forms_as_their_plugins_read() -> None:
    counter = of_a_payment("form")
    counter.pay()
    event = next(event for event in told(counter) if event.type is EventType.CHECKOUT_ENDED)

    assert rendered(event, AUTO).body == b""
    assert rendered(event, SECOND).body != b""
    from shared.domain.method import Action

    unpaid = of_a_payment("form")
    unpaid.acts(Action.REJECT)
    assert names(unpaid, AUTO) == []


def test_a_payment_of_another_family_is_none_of_its_business() -> None:
    counter = Counter()
    counter.begun(MethodKind.ONLINE)
    counter.pay()

    assert names(counter, AUTO) == []


def test_the_schema_of_a_notice_knows_every_status_that_is_told() -> None:
    schema = notices("paygol")["notification"]

    Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]["status"]["enum"]) == SECOND.names


# ---- the bytes ---------------------------------------------------------------------------------------


def ended(counter: Counter) -> Event:
    return next(event for event in told(counter) if event.type is EventType.CHECKOUT_ENDED)


def test_the_second_kind_is_json_as_php_writes_it_and_signed() -> None:
    counter = of_a_payment()
    counter.pay()

    outgoing = rendered(ended(counter), SECOND)

    check_notice("paygol", "notification", json.loads(outgoing.body))
    assert (outgoing.method, outgoing.url) == ("GET", URL)
    assert outgoing.body == (
        b'{"country":"IT","currency":"EUR","custom":"a\\/b \\u00e9 \\ud83d\\ude00","method":"online",'
        b'"price":"150.00","service_id":"123","status":"completed","transaction_id":"' + counter.id.encode() + b'"}'
    )
    assert outgoing.headers == {
        "Content-Type": "application/json",
        "X-Pg-Sig": signature(SECRET.encode(), outgoing.body),
    }


def test_the_first_kind_is_a_query_behind_the_shops_own() -> None:
    counter = of_a_payment()
    counter.pay()

    outgoing = rendered(ended(counter), FIRST, URL + "#x")

    assert (outgoing.method, outgoing.body, dict(outgoing.headers)) == ("GET", b"", {})
    assert outgoing.url.startswith(URL + "&transaction_id=")
    assert dict(parse_qsl(urlsplit(outgoing.url).query)) == {
        "wc-api": "Paygol", "a": "b c", "transaction_id": counter.id, "service_id": "123", "country": "IT",
        "custom": "a/b \u00e9 \U0001f600", "key": SECRET, "price": "150.00", "currency": "EUR",
        "frmprice": "150.00", "frmcurrency": "EUR", "method": "online",
    }  # fmt: skip


def test_a_post_is_a_post() -> None:
    counter = of_a_payment()
    counter.pay()

    assert rendered(ended(counter), FORMATS[format_of("2", "POST")]).method == "POST"


def test_no_text_of_an_outgoing_notice_shows_the_secret() -> None:
    counter = of_a_payment()
    counter.pay()

    assert SECRET not in repr(rendered(ended(counter), FIRST))


OF_THE_SERVICE: Any = {
    "payload_format": "paygol.auto.GET",
    "service": "123",
    "url": URL,
    "secrets": (a_secret(value=SECRET),),
}


# ---- who gets them -------------------------------------------------------------------------------------


def delivered(origin: str) -> tuple[Engine, str]:
    """The engine after a transaction was paid, and the id of the event that told it."""
    counter = of_a_payment(origin)
    counter.pay()
    engine = Engine()
    engine.endpoint(
        "ipn", payload_format="paygol.auto.GET", service="123", url=URL, secrets=(a_secret(value=SECRET),)
    )
    for event in told(counter):
        happened = engine.happens(type=event.type, facts=event.facts, family=event.family)
    engine.work()
    return engine, happened.id


def test_a_notice_is_delivered_once_as_its_payment_was_made() -> None:
    for origin, empty in (("api", False), ("form", True)):
        engine, _ = delivered(origin)

        [(url, headers, body)] = engine.sender.posted
        assert (body == b"", "X-Pg-Sig" in headers) == (empty, not empty)
        assert (SECRET in url) is empty


def test_no_record_of_a_delivery_holds_the_secret() -> None:
    engine, event_id = delivered("form")

    kept = engine.deliveries.get(SHOP, TEST, "we_ipn", event_id)
    assert (kept.url, kept.event_type) == (URL, "completed")
    assert SECRET not in str(asdict(kept))


def test_a_services_secret_signs_no_other_notice() -> None:
    engine = Engine()
    engine.endpoint(
        "ipn", payload_format="paygol.auto.GET", service="123", url=URL, secrets=(a_secret(value=SECRET),)
    )

    engine.happens(notify_url="https://own.example/hook")
    engine.work()

    [(_, headers, body)] = engine.sender.posted
    assert headers["X-PayGlobe-Signature"] == payglobe(OWN_SECRET.value, body, SignatureEncoding.BASE64)


# ---- settings ------------------------------------------------------------------------------------------


@pytest.fixture
def keyed(shop: Shop) -> Shop:
    """The shop with a secret key, which its service's settings ask for."""
    from shared.domain.merchant import AuditLine, KeyKind
    from shared.ports.merchants import NewKey
    from shared.usecases.merchant.create_merchant import kept

    record = shop.world.merchants.record(shop.world.merchants.service("123").credential.merchant.id)
    key = kept(NewKey(KEY, TEST, KeyKind.SECRET))
    shop.world.merchants.change(record, replace(record, keys=(key,)), AuditLine(NOON, "x", "key", ()))
    return shop


def settings(body: object) -> Answer:
    return ask(update, body, key=KEY)


def test_settings_begin_empty_and_show_no_secret(keyed: Shop) -> None:
    assert ask(read, key=KEY).json == {
        "success": True, "service_id": "123", "environment": "test", "ipn_url": None, "ipn_version": "auto",
        "ipn_method": "GET", "endpointId": None,
    }  # fmt: skip


def test_an_address_is_set_changed_and_cleared(keyed: Shop) -> None:
    made = settings({"ipn_url": URL}).json
    changed = settings({"ipn_version": "2", "ipn_method": "POST"}).json
    shown = ask(read, key=KEY).json

    assert made["ipn_url"] == changed["ipn_url"] == URL
    assert (shown["ipn_version"], shown["ipn_method"], shown["endpointId"]) == ("2", "POST", made["endpointId"])
    assert settings({"ipn_url": None}).json["ipn_url"] is None
    assert ask(read, key=KEY).json["endpointId"] is None


def test_an_address_that_is_named_again_is_newer_than_what_a_worker_remembers_of_the_one_before(keyed: Shop) -> None:
    """Else what is told next, with the secret in it for some, goes to the address that was given up."""
    merchants = keyed.world.merchants
    merchant_id = merchants.service("123").credential.merchant.id
    versions = []
    for url in (URL, None, "https://other.example/ipn", "https://third.example/ipn", None, URL):
        keyed.world.now.advance(0.001)
        number = settings({"ipn_url": url}).json["endpointId"]
        if number:
            versions.append(merchants.endpoint(merchant_id, TEST, number).version)

    assert versions == sorted(set(versions))


@pytest.mark.parametrize(
    "body",
    [{"ipn_url": "ftp://x"}, {"ipn_url": "https://127.0.0.1/"}, {"ipn_version": "3"}, {"ipn_version": 1},
     {"ipn_method": "PUT"}, {"ipn_version": "2"}],
    ids=str,
)  # fmt: skip
def test_a_bad_setting_is_400(keyed: Shop, body: object) -> None:
    assert settings(body).status == 400


def test_the_endpoint_of_a_service_is_not_deleted_by_itself(keyed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "doings", FakeDoings)
    number = settings({"ipn_url": URL}).json["endpointId"]

    answer = ask(delete, key=KEY, path={"id": number})

    assert (answer.status, answer.json["code"]) == (409, "belongs_to_service")


def test_a_secret_that_was_replaced_passes_for_a_day_and_is_answered_by_itself(keyed: Shop) -> None:
    settings({"ipn_url": URL})
    fresh = ask(rotate, {}, key=KEY).json["secret_key"]
    body = json.dumps({"pg_serviceid": "123"}).encode()

    def asked(secret: str) -> Answer:
        return ask(auth_token, body, headers={HEADER: signature(secret.encode(), body)})

    assert fresh != SECRET
    for secret in (fresh, SECRET):
        answer = asked(secret)
        assert answer.json["result"] == 0
        assert answer.headers[HEADER] == signature(secret.encode(), answer.text.encode())
    shown = ask(read, key=KEY).json
    found = keyed.world.merchants.endpoint(
        keyed.world.merchants.service("123").credential.merchant.id, TEST, shown["endpointId"]
    )
    assert found.secrets[0].value == fresh
    keyed.world.now.advance(timedelta(hours=24, seconds=1).total_seconds())
    assert asked(SECRET).json["result"] == 3
