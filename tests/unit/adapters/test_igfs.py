"""What IGFS alone does: two terminals, numbers that are asked for, refunds that may be sent again or may not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from shared.adapters.card_gateways.igfs import IgfsCardGateway
from shared.adapters.card_gateways.igfs_cards import three_ds_of
from shared.adapters.card_gateways.igfs_wire import Reply
from shared.adapters.settings_files import validated
from shared.domain.account import Role
from shared.domain.authentication import ThreeDs
from shared.domain.card import CardPage
from shared.domain.decline import Decline
from shared.domain.errors import CredentialsRefused, InvalidRequest, OutcomeUnknown, Unprocessable
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Environment, Payment
from shared.domain.taking import pending
from shared.ports.connectors import PageRequest, PageState
from tools.testing.builders import MERCHANT, TEST, a_payment, euro
from tools.testing.fakes import NOON
from tools.testing.far_sides.igfs.books import Terminal
from tools.testing.far_sides.igfs.side import IgfsSide

BACK = "https://gateway.example/return/TXN/secret"


class Shop:
    """A merchant with a terminal, and what the acquirer was asked for it."""

    def __init__(self) -> None:
        self.side = IgfsSide()
        self.gateway = IgfsCardGateway(self.side.settings)

    def know(self, **settings: str) -> None:
        known = dict(self.side.settings.credentials.of(MERCHANT, TEST, "igfs"))
        self.side.settings.credentials.put(MERCHANT, TEST, "igfs", {**known, **settings})  # type: ignore[attr-defined]

    def asked(self, operation: str) -> list[dict[str, str]]:
        return [dict(one.fields) for one in self.side.acquirer.asked if one.operation == operation]

    def opened(self, **wanted: Any) -> Payment:
        fields = wanted.pop("payment", {})
        payment = a_payment(gateway="igfs", **fields)
        asked: dict[str, Any] = {"sale": False, "tokenize": False, "return_url": BACK} | wanted
        request = PageRequest(payment, payment.page_id, **asked)
        page = self.gateway.open_page(request)
        kept = CardPage(1, page.page_id, NOON, page.url, dict(page.handle), page.framable)
        return replace(payment, page_id=page.page_id, card_page=kept)

    def paid(self, **wanted: Any) -> Payment:
        payment = self.opened(**wanted)
        assert self.side.approve(payment)
        return payment

    def captured(self, cents: int) -> Payment:
        payment = self.paid()
        return self.did(payment, Kind.CAPTURE, cents, self.gateway.capture)

    def did(self, payment: Payment, kind: Kind, cents: int, call: Any) -> Payment:
        made = new(payment, kind, cents)
        answer: Answer = call(payment, made)
        assert answer.succeeded
        return payment.with_operation(made.closed(answer, NOON))


def new(payment: Payment, kind: Kind, cents: int) -> Operation:
    return pending(payment, kind, len(payment.operations) + 1, euro(cents), NOON)


def again(made: Operation) -> Operation:
    return made.closed(Answer(State.UNKNOWN), NOON)


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.side.close()


# ---- the page ----


def test_a_page_is_the_acquirers_in_the_customers_language_and_leads_back_to_ours(shop: Shop) -> None:
    payment = shop.opened(payment={"language": "de-AT", "email": "ada@example.com", "description": "Brot & Käse"})

    (init,) = shop.asked("Init")
    assert (
        init.items()
        >= {
            "shopID": f"{payment.id}-1",
            "trType": "AUTH",
            "amount": "15000",
            "currencyCode": "EUR",
            "langID": "DE",
            "notifyURL": BACK,
            "errorURL": BACK,
            "shopUserRef": "ada@example.com",
            "description": "Brot & Käse",
        }.items()
    )
    assert payment.card_page is not None
    assert payment.card_page.url.startswith(shop.side.acquirer.origin)
    assert not payment.card_page.framable


def test_a_language_that_the_acquirer_does_not_speak_becomes_the_terminals_own(shop: Shop) -> None:
    shop.know(default_language="FR")

    shop.opened(payment={"language": "pl"})

    assert shop.asked("Init")[0]["langID"] == "FR"


def test_a_sale_that_saves_the_card_says_so_and_brings_its_token_back(shop: Shop) -> None:
    outcome = shop.gateway.page_outcome(shop.paid(sale=True, tokenize=True))

    (init,) = shop.asked("Init")
    assert (init["trType"], init["regenPayInstrToken"]) == ("PURCHASE", "true")
    assert outcome.token
    assert outcome.card is not None
    assert (outcome.card.brand, outcome.card.last4, outcome.card.expiry) == ("VISA", "4242", "12/30")


def test_how_the_holder_was_authenticated_and_the_schemes_number_come_with_the_card(shop: Shop) -> None:
    outcome = shop.gateway.page_outcome(shop.paid())

    assert outcome.proof is not None
    assert outcome.proof.three_ds == ThreeDs(enrolled=True, authenticated=True, liability_shift=True, status="Y")
    assert outcome.proof.network_reference.startswith("CHAIN")


@pytest.mark.parametrize(
    ("enrolled", "authenticated", "told"),
    [
        ("Y", "A", ThreeDs(True, False, True, status="A")),
        ("Y", "N", ThreeDs(True, False, False, status="N")),
        ("N", "", ThreeDs(False, False, False)),
        ("U", "U", ThreeDs(None, False, False, status="U")),
        ("", "", None),
    ],
)
def test_what_the_terminal_says_of_3d_secure_is_told_in_our_words(
    enrolled: str, authenticated: str, told: ThreeDs | None
) -> None:
    said = Reply("IGFS_000", {"enrStatus": enrolled, "authStatus": authenticated})

    assert three_ds_of(said) == told


def test_a_later_charge_refers_to_the_first_payment_where_the_terminal_named_it(shop: Shop) -> None:
    paid = shop.gateway.page_outcome(shop.paid(sale=True, tokenize=True))
    payment = a_payment(gateway="igfs", saved_card=1)

    shop.gateway.charge(payment, new(payment, Kind.SALE, 10_00), paid.token or "")
    shop.gateway.charge(
        payment, new(payment, Kind.SALE, 10_00), json.loads(paid.token or "")["token"]
    )  # saved before

    assert paid.proof is not None
    assert shop.side.acquirer.terminal.chains[-2:] == [paid.proof.network_reference, ""]


def test_a_page_that_the_terminal_does_not_open_is_a_refusal_with_its_code(shop: Shop) -> None:
    with pytest.raises(Unprocessable, match="IGFS_20000"):
        shop.opened(return_url="https://gateway.example/" + "x" * 600)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("4000000000009995", Decline.INSUFFICIENT_FUNDS),
        ("4000000000000069", Decline.CARD_EXPIRED),
        ("4000000000000119", Decline.INVALID_CARD),
        ("4000000000003063", Decline.AUTHENTICATION_FAILED),
        ("4000000000009987", Decline.CARD_DECLINED),
    ],
)
def test_a_decline_is_one_of_our_words_and_spends_the_page(shop: Shop, number: str, reason: Decline) -> None:
    payment = shop.opened()
    shop.side.acquirer.terminal.entered(payment.page_id, number)

    outcome = shop.gateway.page_outcome(payment)

    assert (outcome.state, outcome.reason, outcome.closed) == (PageState.DECLINED, reason, True)
    assert outcome.code.startswith("IGFS_")


# ---- capture, release, refund ----


def test_a_capture_names_the_hold_and_a_refund_the_capture(shop: Shop) -> None:
    payment = shop.captured(100_00)
    shop.gateway.refund(payment, new(payment, Kind.REFUND, 10_00))

    (order,) = shop.side.acquirer.terminal.orders.values()
    assert shop.asked("Confirm")[0]["refTranID"] == order.tran_id
    assert shop.asked("Credit")[0]["refTranID"] == order.confirm_id
    assert {asked["shopID"] for asked in shop.asked("Confirm") + shop.asked("Credit")} == {f"{payment.id}-1"}


def test_a_number_that_was_lost_is_asked_for(shop: Shop) -> None:
    payment = shop.paid()
    assert not payment.operations

    assert shop.gateway.capture(payment, new(payment, Kind.CAPTURE, 100_00)).succeeded
    assert shop.asked("Verify")


def test_a_capture_with_its_number_is_one_call(shop: Shop) -> None:
    payment = shop.paid()
    reference = shop.gateway.page_outcome(payment).reference
    held = new(payment, Kind.PREAUTH, 150_00).closed(Answer(State.SUCCEEDED, "00", reference=reference), NOON)
    shop.side.acquirer.asked.clear()

    assert shop.gateway.capture(payment.with_operation(held), new(payment, Kind.CAPTURE, 100_00)).succeeded
    assert [one.operation for one in shop.side.acquirer.asked] == ["Confirm"]


def test_a_refund_of_more_than_half_of_the_rest_may_be_sent_again_because_two_do_not_fit(shop: Shop) -> None:
    payment = shop.captured(100_00)
    made = new(payment, Kind.REFUND, 60_00)
    shop.gateway.refund(payment, made)

    assert shop.gateway.lookup(payment, again(made)) is None
    assert shop.gateway.refund(payment, again(made)).succeeded
    assert shop.side.book(payment).refunded == euro(60_00)


def test_a_refund_that_would_fit_twice_is_for_a_person(shop: Shop) -> None:
    payment = shop.captured(100_00)

    with pytest.raises(OutcomeUnknown):
        shop.gateway.lookup(payment, again(new(payment, Kind.REFUND, 50_00)))


def test_the_refund_of_all_that_earlier_ones_left_may_be_sent_again(shop: Shop) -> None:
    payment = shop.captured(100_00)
    shop.gateway.refund(payment, new(payment, Kind.REFUND, 60_00))
    payment = replace(payment, given_back={"card": 100_00})
    made = replace(new(payment, Kind.REFUND, 40_00), key=payment.key(Kind.REFUND, 2))
    shop.gateway.refund(payment, made)

    assert shop.gateway.lookup(payment, again(made)) is None
    assert shop.gateway.refund(payment, again(made)).succeeded
    assert shop.side.book(payment).refunded == euro(100_00)


def test_a_refund_beside_one_whose_end_is_unknown_is_for_a_person(shop: Shop) -> None:
    payment = shop.captured(100_00)
    beside = (f"refund_1/{payment.key(Kind.REFUND, 7)}",)
    payment = replace(payment, given_back={"card": 100_00}, open_legs=beside)

    with pytest.raises(OutcomeUnknown):
        shop.gateway.lookup(payment, again(new(payment, Kind.REFUND, 60_00)))


def test_a_terminal_that_knows_the_numbers_of_refunds_takes_one_once(shop: Shop) -> None:
    shop.know(refunds_repeatable="true")
    shop.side.acquirer.terminal.credits_once = True
    payment = shop.captured(100_00)
    first, second = new(payment, Kind.REFUND, 10_00), replace(new(payment, Kind.REFUND, 10_00), key="another")

    assert shop.gateway.refund(payment, first).succeeded
    assert shop.gateway.lookup(payment, again(first)) is None
    assert shop.gateway.refund(payment, again(first)).succeeded
    assert shop.gateway.refund(payment, second).succeeded

    assert shop.side.book(payment).refunded == euro(20_00)


def test_nobody_can_ask_about_the_charge_of_a_saved_card(shop: Shop) -> None:
    payment = a_payment(gateway="igfs", saved_card=1)

    with pytest.raises(OutcomeUnknown):
        shop.gateway.lookup(payment, again(new(payment, Kind.SALE, 150_00)))


def test_saved_cards_and_their_refunds_go_to_the_second_terminal(shop: Shop) -> None:
    second = Terminal("UNI_MOTO", "MOTO_TESTKEY")
    shop.side.acquirer.terminals[second.tid] = second
    token = shop.gateway.page_outcome(shop.paid(sale=True, tokenize=True)).token or ""
    own = json.loads(token)["token"]
    second.tokens[own] = shop.side.acquirer.terminal.tokens[own]
    shop.know(token_tid=second.tid, token_ksig=second.key)
    payment = a_payment(gateway="igfs", saved_card=1)

    payment = shop.did(payment, Kind.SALE, 150_00, lambda p, made: shop.gateway.charge(p, made, token))
    shop.did(payment, Kind.REFUND, 20_00, shop.gateway.refund)

    (charged,) = second.orders.values()
    assert (charged.amount, charged.credits) == (150_00, [20_00])
    assert shop.asked("Credit")[0]["shopID"] == charged.shop_id


# ---- who is let in ----


def test_a_key_that_is_not_the_terminals_moves_nothing_and_is_said(shop: Shop) -> None:
    payment = shop.paid()
    shop.know(ksig="ANOTHER_KEY")

    with pytest.raises(CredentialsRefused):
        shop.gateway.capture(payment, new(payment, Kind.CAPTURE, 100_00))

    assert shop.side.book(payment).held == euro(150_00)


def test_an_answer_that_another_key_signed_is_no_answer(shop: Shop) -> None:
    payment = shop.paid()
    shop.side.acquirer.wrong_signature = True

    with pytest.raises(OutcomeUnknown):
        shop.gateway.capture(payment, new(payment, Kind.CAPTURE, 100_00))


# ---- settings ----

GOOD = {"server_url": "https://acquirer.example/services", "tid": "UNI_ECOM", "ksig": "UNI_TESTKEY"}


def test_settings_are_a_terminal_and_its_key_is_secret() -> None:
    made = validated(Role.CARD_GATEWAY, "igfs", GOOD | {"refunds_repeatable": True}, Environment.LIVE)

    assert made.secret == {"ksig": "UNI_TESTKEY"}
    assert made.public.items() >= {"tid": "UNI_ECOM", "refunds_repeatable": "true", "default_language": "IT"}.items()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ksig": ""}, "ksig: "),
        ({"tid": "x" * 17}, "tid: "),
        ({"server_url": "http://acquirer.example"}, "server_url"),
        ({"token_tid": "UNI_MOTO"}, "token_tid and token_ksig"),
        ({"default_language": "PL"}, "default_language: "),
        ({"sever_url": "https://a.example"}, "sever_url: "),
    ],
)
def test_settings_that_cannot_work_are_refused_by_field_and_rule(changed: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidRequest, match=said) as refused:
        validated(Role.CARD_GATEWAY, "igfs", GOOD | changed, Environment.LIVE)

    assert "UNI_TESTKEY" not in str(refused.value)
