"""What Shift4 alone does: tokens of a page of ours, holds that are captured whole, events that are asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from shared.adapters.card_gateways.shift4 import Shift4CardGateway
from shared.adapters.card_gateways.shift4_codes import DECLINES, reason
from shared.adapters.connector_checks import CHECKS
from shared.adapters.notifiers import NOTIFIERS
from shared.adapters.notifiers.secrets import OwnSecrets
from shared.adapters.settings_files import validated
from shared.domain.account import Role
from shared.domain.card import Card, CardPage, Initiator
from shared.domain.decline import Decline
from shared.domain.errors import CredentialsRefused, InvalidRequest, Unauthenticated, Unavailable, Unprocessable
from shared.domain.merchant import OwnConnector
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import Environment, Payment
from shared.ports.connectors import PageRequest, PageState
from shared.ports.inbound import Inbound, Told
from tests.unit.adapters.at_acquirers import Payments, new
from tools.testing.builders import MERCHANT, TEST, a_payment, euro
from tools.testing.fakes import NOON, FakeCredentials
from tools.testing.far_sides.shift4.books import CHALLENGED, Charge
from tools.testing.far_sides.shift4.side import DECLINED, Shift4Side
from tools.testing.far_sides.switch import Damage, Fault

SETTINGS = {"public_key": "pk_test_ShopAtShift4", "secret_key": "sk_test_ShopAtShift4"}
NAME = OwnConnector(MERCHANT, TEST, "shift4")


class Shop(Payments):
    def __init__(self) -> None:
        self.shift4 = Shift4Side()
        self.account = self.shift4.account
        super().__init__("shift4", Shift4CardGateway(self.shift4.settings), self.shift4)

    def paid(self, *, sale: bool = False, **wanted: Any) -> tuple[Payment, Charge]:
        payment = self.opened(sale=sale, **wanted)
        assert self.side.approve(payment)
        made = new(payment, Kind.SALE if sale else Kind.PREAUTH, payment.amount)
        answer = self.gateway.authorise(payment, made)
        assert answer.succeeded
        return payment.with_operation(made.closed(answer, NOON)), self.account.charge(str(answer.reference))

    def sent(self, path: str) -> dict[str, Any]:
        asked = [one for one in self.shift4.acquirer.asked if one.path == path and one.method == "POST"]
        return dict(json.loads(asked[-1].body))

    def handed(self, payment: Payment, token: str) -> Payment:
        page = payment.card_page
        assert page is not None
        kept = {**page.handle, **self.gateway.recognise(payment, token).handle}
        return replace(payment, card_page=replace(page, handle=kept))


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.shift4.close()


def test_a_page_is_ours_and_tells_shift4_nothing(shop: Shop) -> None:
    payment = shop.opened()

    page = payment.card_page
    assert page is not None
    assert page.url == f"{payment.pages_origin}/pay/shift4/?transactionId={payment.id}&paymentID={payment.page_id}"
    assert page.handle == {"script": shop.shift4.acquirer.script, "key": shop.account.public}
    assert shop.shift4.acquirer.asked == []
    assert shop.account.secret not in repr(page)


def test_a_hold_needs_the_word_that_its_difference_may_be_given_back_and_a_sale_does_not(shop: Shop) -> None:
    credentials = shop.shift4.settings.credentials
    assert isinstance(credentials, FakeCredentials)
    known = credentials.of(MERCHANT, TEST, "shift4")
    credentials.put(MERCHANT, TEST, "shift4", {**known, "capture_then_refund": "false"})
    payment = a_payment(gateway="shift4")

    with pytest.raises(Unprocessable) as caught:
        shop.gateway.open_page(PageRequest(payment, payment.page_id, sale=False, tokenize=False))

    assert caught.value.error_code == "mode_not_supported"
    assert shop.gateway.open_page(PageRequest(payment, payment.page_id, sale=True, tokenize=False)).url


def test_a_token_is_looked_at_before_it_is_kept_and_its_card_is_known_before_it_is_charged(shop: Shop) -> None:
    payment = shop.opened()
    token = shop.account.tokenized("4242424242424242", holder="Ada Rossi")

    agreed = shop.gateway.page_outcome(shop.handed(payment, token.id))

    assert (agreed.state, agreed.card) == (PageState.AGREED, Card("VISA", "4242", "12/30", "Ada Rossi"))
    assert shop.account.charges == {}
    assert token.id not in repr(agreed)


@pytest.mark.parametrize(
    "token", ["tok_0000000000", "tok_", "../charges", "card_1234567890", "tok_12345678/../x", ""]
)
def test_a_token_that_shift4_does_not_know_is_the_callers_mistake(shop: Shop, token: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        shop.gateway.recognise(shop.opened(), token)

    assert caught.value.error_code == "invalid_card_token"
    assert {one.path for one in shop.shift4.acquirer.asked} <= {"/tokens/tok_0", "/tokens/tok_0000000000"}


def test_a_token_that_was_used_is_not_taken_again(shop: Shop) -> None:
    payment, _ = shop.paid()
    page = payment.card_page
    assert page is not None

    with pytest.raises(InvalidRequest):
        shop.gateway.recognise(shop.opened(), page.handle["token"])


@pytest.mark.parametrize("sale", [False, True])
def test_what_is_charged_is_the_payments_own_amount_and_names_it(shop: Shop, sale: bool) -> None:
    payment, charge = shop.paid(sale=sale)

    sent = shop.sent("/charges")
    assert (sent["amount"], sent["currency"], sent["captured"]) == (150_00, "EUR", sale)
    assert sent["threeDSecure"]["requireSuccessfulLiabilityShiftForEnrolledCard"] is True
    assert charge.metadata["transactionId"] == payment.id
    assert charge.metadata["page"] == payment.page_id
    assert (charge.held, charge.taken) == ((0, 150_00) if sale else (150_00, 0))


@pytest.mark.parametrize("passed", [True, False])
def test_a_holder_who_was_not_authenticated_is_not_charged(shop: Shop, passed: bool) -> None:
    payment, token = shop.opened(), shop.account.tokenized(CHALLENGED)
    shop.account.authenticated(token.id, passed=passed)

    payment = shop.handed(payment, token.id)
    answer = shop.gateway.authorise(payment, new(payment, Kind.PREAUTH, payment.amount))

    assert answer.succeeded is passed
    assert answer.reason is (None if passed else Decline.AUTHENTICATION_REQUIRED)
    if passed:
        assert answer.proof is not None
        assert answer.proof.three_ds is not None
        assert answer.proof.three_ds.liability_shift is True


def test_a_card_is_saved_before_it_is_charged_and_a_lost_answer_saves_no_second_one(shop: Shop) -> None:
    payment = shop.opened(sale=True, tokenize=True)
    assert shop.side.approve(payment)
    made = new(payment, Kind.SALE, payment.amount)
    with shop.side.switch.at(Fault(Damage.LOST, acted=True)), pytest.raises(Unavailable):
        shop.gateway.authorise(payment, made)

    assert shop.gateway.lookup(payment, made) is None
    assert shop.gateway.authorise(payment, made).succeeded

    assert len(shop.account.customers) == 1
    kept = json.loads(shop.gateway.page_outcome(payment).token or "{}")
    assert kept["card"] in shop.account.customers[kept["customer"]]


@pytest.mark.parametrize("initiator", list(Initiator))
def test_who_has_a_saved_card_charged_is_told(shop: Shop, initiator: Initiator) -> None:
    paid, _ = shop.paid(sale=True, tokenize=True)
    token = shop.gateway.page_outcome(paid).token
    assert token
    payment = a_payment(gateway="shift4", saved_card=1, initiator=initiator)

    assert shop.gateway.charge(payment, new(payment, Kind.SALE, euro(5_00)), token).succeeded

    assert shop.sent("/charges")["type"] == f"{initiator.value.lower()}_initiated"


def test_a_hold_is_released_as_a_whole_and_never_after_its_capture(shop: Shop) -> None:
    (held, hold), (taken, sale) = shop.paid(), shop.paid()
    made = new(taken, Kind.CAPTURE, taken.amount)
    taken = taken.with_operation(made.closed(shop.gateway.capture(taken, made), NOON))

    released = shop.gateway.void(held, new(held, Kind.VOID, held.amount))
    no = shop.gateway.void(taken, new(taken, Kind.VOID, taken.amount))

    assert (released.code, hold.released, hold.refunds) == ("00", True, [])
    assert (no.state, no.code, sale.refunded) == (State.REFUSED, "captured", 0)


def test_what_was_declined_is_told_in_our_words_and_spends_the_page(shop: Shop) -> None:
    payment = shop.handed(shop.opened(), shop.account.tokenized(DECLINED).id)
    made = new(payment, Kind.PREAUTH, payment.amount)

    answer = shop.gateway.authorise(payment, made)
    outcome = shop.gateway.page_outcome(payment.with_operation(made.closed(answer, NOON)))

    assert (answer.code, answer.reason) == ("insufficient_funds", Decline.INSUFFICIENT_FUNDS)
    assert (outcome.state, outcome.closed) == (PageState.DECLINED, True)
    assert shop.gateway.lookup(payment, made) == replace(answer, message="Insufficient funds")
    assert {reason(code) for code in ("lost_or_stolen", "blacklisted", "anything")} == {Decline.CARD_DECLINED}
    assert Decline.CARD_DECLINED not in DECLINES.values()


def test_a_charge_is_found_among_hundreds(shop: Shop) -> None:
    payment, charge = shop.paid()
    busy = replace(charge, metadata={})
    shop.account.charges |= {f"char_{n}": replace(busy, id=f"char_{n}") for n in range(250)}

    assert shop.gateway.page_outcome(payment).reference == charge.id


# ---- settings and the harmless call ----


def test_what_it_is_set_up_with() -> None:
    known = validated(Role.CARD_GATEWAY, "shift4", SETTINGS, TEST, allow_private=False)

    assert known.public["api_base"] == "https://api.shift4.com"
    assert "sk_test" not in repr(known)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"secret_key": "sk_live_ShopAtShift4"}, "begins with sk_test_"),
        ({"public_key": "pk_live_ShopAtShift4"}, "begins with pk_test_"),
        ({"secret_key": "pk_test_ShopAtShift4"}, "begins with sk_test_"),
        ({"script_url": "http://js.dev.shift4.com/shift4.js"}, "https"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, str], why: str) -> None:
    with pytest.raises(InvalidRequest, match=why):
        validated(Role.CARD_GATEWAY, "shift4", SETTINGS | change, TEST, allow_private=False)


def test_whose_key_it_is_is_asked_harmlessly(shop: Shop) -> None:
    settings, http = shop.shift4.settings.credentials.of(MERCHANT, TEST, "shift4"), shop.shift4.settings.http
    check = CHECKS[Role.CARD_GATEWAY]["shift4"]

    assert check(http, TEST, settings) == shop.account.public
    with pytest.raises(CredentialsRefused):
        check(http, TEST, {**settings, "secret_key": "sk_test_somebody"})


# ---- events ----


def heard(shop: Shop, body: bytes) -> Told:
    settings = shop.shift4.settings
    return NOTIFIERS["shift4"](OwnSecrets(settings.credentials, NAME, settings.http)).read(Inbound({}, body, NOON))


def test_an_event_is_believed_as_shift4_has_it_and_not_as_it_was_posted(shop: Shop) -> None:
    payment, charge = shop.paid()
    body = json.loads(shop.shift4.acquirer.tells(charge))
    body["data"]["metadata"]["transactionId"] = "TXN_SOMEBODY_ELSES"

    told = heard(shop, json.dumps(body).encode())

    assert told == Told(payments=(payment.id,), operations=(charge.id,))


def test_a_dispute_is_told_with_whose_it_is(shop: Shop) -> None:
    payment, charge = shop.paid(sale=True)
    about = {
        "id": "disp_1",
        "created": 1_772_000_000,
        "status": "CHARGEBACK_NEW",
        "amount": 150_00,
        "currency": "EUR",
        "reason": "FRAUDULENT",
        "charge": {"id": charge.id, "metadata": charge.metadata},
    }

    told = heard(shop, shop.shift4.acquirer.tells(charge, "CHARGE_DISPUTE_CREATED", about))

    assert told.notice is not None
    assert (told.notice.merchant_id, told.notice.psp_id) == (MERCHANT, "disp_1")
    assert payment.id in told.notice.payment_ids


@pytest.mark.parametrize("body", [b"{}", b"[]", b"{", b'{"id": "event_1234567890", "objectType": "event"}'])
def test_an_event_that_shift4_does_not_know_is_nobodys(shop: Shop, body: bytes) -> None:
    with pytest.raises(Unauthenticated):
        heard(shop, body)


def test_an_event_that_nobody_can_ask_about_now_is_sent_again(shop: Shop) -> None:
    _, charge = shop.paid()
    body = shop.shift4.acquirer.tells(charge)

    with shop.side.switch.at(Fault(Damage.ERROR, question=True)), pytest.raises(Unavailable):
        heard(shop, body)


def test_a_live_event_is_asked_for_with_the_live_key(shop: Shop) -> None:
    settings = shop.shift4.settings
    live = OwnConnector(MERCHANT, Environment.LIVE, "shift4")
    _, charge = shop.paid()

    with pytest.raises(Unauthenticated):
        NOTIFIERS["shift4"](OwnSecrets(settings.credentials, live, settings.http)).read(
            Inbound({}, shop.shift4.acquirer.tells(charge), NOON)
        )


def test_a_page_without_a_token_has_nothing_to_charge(shop: Shop) -> None:
    payment = replace(shop.opened(), card_page=CardPage(1, shop.opened().page_id, NOON))

    answer = shop.gateway.authorise(payment, new(payment, Kind.PREAUTH, payment.amount))

    assert answer == Answer(State.REFUSED, "not_agreed", "Nobody agreed to this payment")
