"""What Stripe alone does: forms that its library knows, keys, amounts of its own, failures that it repeats."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
import stripe.params as params
from stripe.params import checkout

from shared.adapters.card_gateways.stripe import StripeCardGateway
from shared.adapters.settings_files import validated
from shared.adapters.stripe_amounts import from_stripe, to_stripe
from shared.domain.account import Role
from shared.domain.authentication import ThreeDs
from shared.domain.card import CardPage, Challenge, Initiator
from shared.domain.card_data import CardData
from shared.domain.decline import Decline
from shared.domain.errors import (
    CredentialsRefused,
    IllegalTransition,
    InvalidRequest,
    OutcomeUnknown,
    Unavailable,
    Unprocessable,
)
from shared.domain.money import Money
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Environment, Payment
from shared.domain.saved_card import SavedCard
from shared.domain.taking import pending
from shared.ports.connectors import PageRequest, PageState
from tools.testing.builders import MERCHANT, TEST, a_payment, euro
from tools.testing.fakes import NOON
from tools.testing.far_sides.door import Request
from tools.testing.far_sides.stripe.books import ASKS_HOLDER
from tools.testing.far_sides.stripe.presented import ASKED_BY_BANK
from tools.testing.far_sides.stripe.side import StripeSide
from tools.testing.far_sides.switch import Damage, Fault

BACK = "https://gateway.example/return/TXN/secret"
HOLDERS = "https://gateway.example/pay/authenticate/?paymentId=TXN"
VISA = "4242424242424242"


class Shop:
    """A merchant with an account, and what Stripe was asked for it."""

    def __init__(self) -> None:
        self.side = StripeSide()
        self.account = self.side.account
        self.gateway = StripeCardGateway(self.side.settings)

    def asked(self, path: str, method: str = "POST") -> list[Request]:
        return [one for one in self.side.acquirer.asked if re.fullmatch(path, one.path) and one.method == method]

    def opened(self, **wanted: Any) -> Payment:
        fields = wanted.pop("payment", {})
        payment = a_payment(gateway="stripe", **fields)
        asked: dict[str, Any] = {"sale": False, "tokenize": False, "return_url": BACK} | wanted
        page = self.gateway.open_page(PageRequest(payment, payment.page_id, **asked))
        kept = CardPage(1, page.page_id, NOON, page.url, dict(page.handle), page.framable)
        return replace(payment, page_id=page.page_id, card_page=kept)

    def paid(self, number: str = VISA, **wanted: Any) -> Payment:
        payment = self.opened(**wanted)
        assert self.account.entered(payment.page_id, number)
        outcome = self.gateway.page_outcome(payment)
        kind = Kind.SALE if wanted.get("sale") else Kind.PREAUTH
        made = new(payment, kind, payment.amount)
        return payment.with_operation(made.closed(Answer(State.SUCCEEDED, "00", reference=outcome.reference), NOON))

    def captured(self, cents: int) -> Payment:
        payment = self.paid()
        made = new(payment, Kind.CAPTURE, euro(cents))
        answer = self.gateway.capture(payment, made)
        assert answer.succeeded
        return payment.with_operation(made.closed(answer, NOON))

    def presented(self, number: str, **wanted: Any) -> Payment:
        payment = self.opened(sale=True, presented=True, return_url=HOLDERS, **wanted)
        self.gateway.present_card(payment, a_typed(number))
        return payment

    def agreed(self, number: str, **wanted: Any) -> Payment:
        payment = self.presented(number, **wanted)
        assert self.gateway.authenticate(payment, None).state is PageState.AGREED
        return payment

    def did(self, payment: Payment) -> Answer:
        return self.gateway.authorise(payment, new(payment, Kind.SALE, payment.amount))

    def token(self, number: str = VISA) -> str:
        token = self.gateway.page_outcome(self.paid(number, sale=True, tokenize=True)).token
        assert token
        return token


def a_typed(number: str) -> CardData:
    return CardData(number, "Ada Rossi", 12, 2030, "7139")


def new(payment: Payment, kind: Kind, amount: Money) -> Operation:
    return pending(payment, kind, len(payment.operations) + 1, amount, NOON)


def again(made: Operation) -> Operation:
    """As a later visit sends it, which had heard nothing."""
    return replace(made.closed(Answer(State.UNKNOWN), NOON), taken_at=NOON)


def form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode() or request.query))


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.side.close()


# ---- what is sent ----


def known_to_stripe(kind: Any, name: str) -> bool:
    """Whether the names of a nested form field are those of Stripe's own library."""
    steps = re.findall(r"\w+", name)
    for step in steps:
        if step.isdigit():
            continue
        annotations = getattr(kind, "__annotations__", None)
        if annotations is None:
            return True  # a table of the caller's own, as metadata is
        if step not in annotations:
            return False
        inner = re.search(r"\b([A-Z]\w+Params[A-Z]\w*)", str(annotations[step]))
        kind = getattr(checkout if "Session" in kind.__name__ else params, inner[1]) if inner else None
    return True


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/v1/checkout/sessions", checkout.SessionCreateParams),
        (r"/v1/checkout/sessions/\w+/expire", checkout.SessionExpireParams),
        (r"/v1/payment_intents/\w+/capture", params.PaymentIntentCaptureParams),
        (r"/v1/payment_intents/\w+/cancel", params.PaymentIntentCancelParams),
        ("/v1/payment_intents", params.PaymentIntentCreateParams),
        ("/v1/refunds", params.RefundCreateParams),
        (r"/v1/payment_methods/\w+/detach", params.PaymentMethodDetachParams),
        ("/v1/payment_methods", params.PaymentMethodCreateParams),
        (r"/v1/payment_intents/pi_\w+", params.PaymentIntentModifyParams),
        (r"/v1/payment_intents/\w+/confirm", params.PaymentIntentConfirmParams),
    ],
)
def test_every_field_that_is_sent_is_one_of_stripes_own_library(shop: Shop, path: str, kind: Any) -> None:
    token, payment = shop.token(), shop.captured(100_00)
    held, unpaid = shop.paid(), a_payment(gateway="stripe", saved_card=1)
    shop.gateway.refund(payment, new(payment, Kind.REFUND, euro(1)))
    shop.gateway.void(held, new(held, Kind.VOID, held.amount))
    shop.gateway.charge(unpaid, new(unpaid, Kind.SALE, unpaid.amount), token)
    shop.gateway.delete_token(a_card(), token)
    shop.gateway.close_page(shop.opened())
    shop.did(shop.agreed(VISA))
    shop.gateway.close_page(shop.presented(VISA))

    (*_, request) = shop.asked(path)

    assert request.headers["stripe-version"]
    assert [name for name in form(request) if not known_to_stripe(kind, name)] == []


def test_the_check_of_names_can_fail() -> None:
    price = "line_items[0][price_data]"
    assert known_to_stripe(checkout.SessionCreateParams, f"{price}[product_data][name]")
    assert not known_to_stripe(checkout.SessionCreateParams, f"{price}[product_data][nam]")
    assert not known_to_stripe(checkout.SessionCreateParams, "sucess_url")


def test_a_page_is_asked_for_in_the_customers_language_and_leads_back_to_ours(shop: Shop) -> None:
    fields = {"language": "de-AT", "email": "ada@example.com", "description": "Brot & Käse"}
    payment = shop.opened(payment=fields, cancel_url=f"{BACK}?left=1", expires_at=NOON + timedelta(minutes=5))

    sent = form(shop.asked("/v1/checkout/sessions")[0])
    assert (
        sent.items()
        >= {
            "client_reference_id": payment.id,
            "success_url": BACK,
            "cancel_url": f"{BACK}?left=1",
            "locale": "de",
            "customer_email": "ada@example.com",
            "line_items[0][price_data][product_data][name]": "Brot & Käse",
            "line_items[0][price_data][unit_amount]": "15000",
            "payment_intent_data[capture_method]": "manual",
        }.items()
    )
    assert int(sent["expires_at"]) - NOON.timestamp() == 31 * 60  # the soonest that Stripe takes
    assert payment.card_page is not None
    assert payment.card_page.url.startswith(shop.side.acquirer.origin)
    assert not payment.card_page.framable


def test_a_page_that_is_asked_for_twice_is_one_session_and_another_way_back_is_another(shop: Shop) -> None:
    payment = a_payment(gateway="stripe")
    for back in (BACK, BACK, f"{BACK}2"):
        shop.gateway.open_page(PageRequest(payment, payment.page_id, sale=False, tokenize=False, return_url=back))

    assert len(shop.account.sessions) == 2


def test_a_page_that_stripe_does_not_open_is_a_refusal_with_its_code(shop: Shop) -> None:
    with pytest.raises(Unprocessable, match="parameter_invalid_integer"):
        shop.opened(payment={"amount": euro(999_999_999_99)})


# ---- cards that are presented ----


def test_a_presented_card_is_an_intent_of_its_own_and_no_page_is_opened(shop: Shop) -> None:
    payment = shop.presented(VISA)

    assert shop.account.sessions == {}
    assert shop.account.intents[payment.page_id].status == "requires_confirmation"
    assert payment.card_page is not None
    assert (payment.card_page.url, payment.card_page.handle) == ("", {"return_url": HOLDERS})


@pytest.mark.parametrize("said", ["false", ""])
def test_no_number_is_sent_where_the_settings_do_not_say_that_stripe_allows_it(shop: Shop, said: str) -> None:
    credentials: Any = shop.side.settings.credentials
    payment = shop.presented(VISA)
    known = credentials.of(MERCHANT, TEST, "stripe")
    credentials.put(MERCHANT, TEST, "stripe", {**known, "raw_cards": said})
    shop.side.acquirer.asked.clear()

    for call in (
        lambda: shop.opened(sale=True, presented=True),
        lambda: shop.gateway.present_card(payment, a_typed(VISA)),
    ):
        with pytest.raises(Unprocessable) as caught:
            call()
        assert caught.value.error_code == "not_supported"

    assert shop.side.acquirer.asked == []


def test_an_account_that_may_send_no_numbers_is_told_apart_from_a_wrong_card(shop: Shop) -> None:
    payment = shop.opened(sale=True, presented=True)
    shop.account.raw_cards = False

    with pytest.raises(Unprocessable) as caught:
        shop.gateway.present_card(payment, a_typed(VISA))

    assert caught.value.error_code == "not_supported"


def test_a_number_that_stripe_quotes_is_in_no_text_of_ours(shop: Shop) -> None:
    payment, wrong = shop.opened(sale=True, presented=True), "4242424242424241"

    with pytest.raises(InvalidRequest) as caught:
        shop.gateway.present_card(payment, a_typed(wrong))

    assert wrong not in f"{caught.value!r}{caught.value}{caught.value.__cause__!r}"
    assert caught.value.error_code == "invalid_card"


def test_an_agreement_covers_the_card_that_its_holder_saw_and_no_other(shop: Shop) -> None:
    payment = shop.agreed(VISA)

    with pytest.raises(IllegalTransition):
        shop.gateway.present_card(payment, a_typed("5555555555554444"))

    assert shop.gateway.page_outcome(payment).state is PageState.OPEN
    assert shop.did(payment).state is State.REFUSED
    assert shop.account.intents[payment.page_id].received == 0


def test_a_holder_is_led_to_their_bank_and_back_to_the_address_that_was_given(shop: Shop) -> None:
    payment = shop.agreed(ASKED_BY_BANK)

    answer = shop.did(payment)

    assert answer.state is State.UNKNOWN
    assert answer.url == f"{shop.side.acquirer.origin}/3ds/{payment.page_id}"
    assert shop.account.intents[payment.page_id].return_url == HOLDERS


def test_a_presented_card_is_told_with_what_may_be_shown_and_refunded_by_its_intent(shop: Shop) -> None:
    payment = shop.agreed("5555555555554444")
    answer = shop.did(payment)
    outcome = shop.gateway.page_outcome(payment)
    paid = payment.with_operation(new(payment, Kind.SALE, payment.amount).closed(answer, NOON))

    assert answer.reference == payment.page_id
    assert outcome.card is not None
    assert (outcome.card.brand, outcome.card.last4, outcome.card.holder_name) == ("MASTERCARD", "4444", "Ada Rossi")
    assert shop.gateway.refund(paid, new(paid, Kind.REFUND, euro(30_00))).succeeded
    assert shop.account.intents[payment.page_id].refunded == 30_00


def test_a_holder_who_is_only_asked_by_their_bank_needs_no_code_from_us(shop: Shop) -> None:
    payment = shop.opened(sale=True, presented=True)

    step = shop.gateway.present_card(payment, a_typed(VISA))

    assert step.challenge is Challenge.NONE
    assert (step.card.first6, step.card.last4, step.card.expiry) == ("424242", "4242", "12/30")


# ---- the page ----


def test_a_declined_card_stays_between_stripe_and_its_holder_until_the_page_is_closed(shop: Shop) -> None:
    payment = shop.opened()
    shop.account.entered(payment.page_id, "4000000000009995")

    assert shop.gateway.page_outcome(payment).state is PageState.OPEN
    closed = shop.gateway.close_page(payment)

    assert (closed.state, closed.reason, closed.code) == (
        PageState.DECLINED,
        Decline.INSUFFICIENT_FUNDS,
        "insufficient_funds",
    )
    assert closed.closed


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("4000000000000002", Decline.CARD_DECLINED),
        ("4000000000009987", Decline.CARD_DECLINED),
        ("4000000000000069", Decline.CARD_EXPIRED),
        ("4000000000000127", Decline.INVALID_CARD),
        ("4000000000006975", Decline.LIMIT_EXCEEDED),
        ("4000000000000119", Decline.TRY_AGAIN_LATER),
    ],
)
def test_a_decline_is_one_of_our_words(shop: Shop, number: str, reason: Decline) -> None:
    payment = shop.opened()
    shop.account.entered(payment.page_id, number)

    assert shop.gateway.close_page(payment).reason is reason


def test_a_page_that_ran_out_takes_no_card_and_is_no_decline(shop: Shop) -> None:
    payment = shop.opened()
    shop.account.sessions[payment.page_id].status = "expired"

    outcome = shop.gateway.page_outcome(payment)

    assert (outcome.state, outcome.closed, outcome.number) == (PageState.OPEN, True, 0)


def test_a_hold_that_was_released_was_approved_all_the_same(shop: Shop) -> None:
    payment = shop.paid()
    before = shop.gateway.page_outcome(payment)
    shop.gateway.void(payment, new(payment, Kind.VOID, payment.amount))

    assert shop.gateway.page_outcome(payment) == before


def test_a_page_that_stripe_does_not_know_is_not_guessed_about(shop: Shop) -> None:
    payment = shop.opened()
    shop.account.sessions.clear()

    with pytest.raises(OutcomeUnknown):
        shop.gateway.page_outcome(payment)


# ---- capture, release, refund ----


def test_a_capture_with_its_number_is_one_call_and_one_more_after_a_lost_answer(shop: Shop) -> None:
    payment = shop.paid()
    made = new(payment, Kind.CAPTURE, euro(100_00))
    shop.side.acquirer.asked.clear()
    with shop.side.switch.at(Fault(Damage.LOST, acted=True)), pytest.raises(OutcomeUnknown):
        shop.gateway.capture(payment, made)

    assert shop.gateway.lookup(payment, again(made)) is None
    answer = shop.gateway.capture(payment, again(made))

    assert (answer.state, answer.code) == (State.SUCCEEDED, "00")
    assert answer.reference in {intent.charge for intent in shop.account.intents.values()}
    assert len(shop.side.acquirer.asked) == 2


def test_a_failure_that_stripe_would_repeat_under_its_key_does_not_stand_in_the_way(shop: Shop) -> None:
    payment = shop.paid()
    for kind, call in ((Kind.CAPTURE, shop.gateway.capture), (Kind.VOID, shop.gateway.void)):
        made = new(payment, kind, payment.amount)
        shop.side.acquirer.says.append((500, {"type": "api_error", "message": "Sorry"}))
        with pytest.raises(OutcomeUnknown):
            call(payment, made)
        asked = shop.side.acquirer.asked[-1].headers["idempotency-key"]

        call(payment, again(made))

        assert shop.side.acquirer.asked[-1].headers["idempotency-key"] != asked


def test_a_refund_and_a_charge_are_never_made_under_another_key(shop: Shop) -> None:
    token, payment = shop.token(), shop.captured(100_00)
    unpaid = a_payment(gateway="stripe", saved_card=1)
    refund, charge = new(payment, Kind.REFUND, euro(10_00)), new(unpaid, Kind.SALE, euro(10_00))
    for number in range(2):
        shop.gateway.refund(payment, again(refund) if number else refund)
        shop.gateway.charge(unpaid, again(charge) if number else charge, token)

    for path in ("/v1/refunds", "/v1/payment_intents"):
        assert len({one.headers["idempotency-key"] for one in shop.asked(path)}) == 1
    assert [one.amount for one in shop.account.refunds.values()] == [10_00]


def test_a_key_that_was_used_for_something_else_says_nothing_about_what_that_did(shop: Shop) -> None:
    payment = shop.captured(100_00)
    made = new(payment, Kind.REFUND, euro(10_00))
    shop.gateway.refund(payment, made)

    with pytest.raises(OutcomeUnknown):
        shop.gateway.refund(payment, replace(made, amount=euro(11_00)))


def test_a_refund_that_is_only_accepted_is_asked_about_until_there_is_a_last_word(shop: Shop) -> None:
    payment = shop.captured(100_00)
    shop.account.refunds_wait = True
    for stands in (True, False):
        made = replace(new(payment, Kind.REFUND, euro(10_00)), key=f"{payment.id}:REFUND:{stands}")
        accepted = shop.gateway.refund(payment, made)
        assert (accepted.succeeded, accepted.final) == (True, False)
        (*_, refund) = shop.account.refunds.values()
        shop.account.settle(refund, stands=stands)

        last = shop.gateway.lookup(payment, made)

        assert last is not None
        assert (last.final, last.succeeded) == (True, stands)


def test_one_refund_is_found_among_very_many(shop: Shop) -> None:
    payment = shop.captured(150_00)
    made = new(payment, Kind.REFUND, euro(1))
    answer = shop.gateway.refund(payment, made)
    (intent,) = shop.account.intents.values()
    for _ in range(250):
        shop.account.refund(intent, 1, {})
    shop.side.acquirer.asked.clear()

    assert shop.gateway.lookup(payment, made) == answer
    assert len(shop.side.acquirer.asked) == 3


# ---- saved cards ----


@pytest.mark.parametrize(
    ("initiator", "field"),
    [
        (None, "error_on_requires_action"),
        (Initiator.CUSTOMER, "error_on_requires_action"),
        (Initiator.MERCHANT, "off_session"),
    ],
)
def test_stripe_is_told_whether_the_cards_holder_is_there(shop: Shop, initiator: Initiator, field: str) -> None:
    token, payment = shop.token(), a_payment(gateway="stripe", saved_card=1, initiator=initiator)

    assert shop.gateway.charge(payment, new(payment, Kind.SALE, payment.amount), token).succeeded

    sent = form(shop.asked("/v1/payment_intents")[0])
    assert {name for name in ("off_session", "error_on_requires_action") if name in sent} == {field}


def test_a_card_that_wants_its_holder_is_refused_with_that_word(shop: Shop) -> None:
    token, payment = shop.token(ASKS_HOLDER), a_payment(gateway="stripe", saved_card=1)
    made = new(payment, Kind.SALE, payment.amount)

    answer = shop.gateway.charge(payment, made, token)

    assert (answer.state, answer.reason) == (State.REFUSED, Decline.AUTHENTICATION_REQUIRED)
    assert shop.gateway.lookup(payment, made) == replace(answer, reference=None)


def test_how_the_holder_was_authenticated_and_the_schemes_number_come_with_the_card(shop: Shop) -> None:
    asked = shop.opened()
    assert shop.account.entered(asked.page_id, "4000002500003155")
    plain = shop.opened()
    assert shop.account.entered(plain.page_id, VISA)

    proofs = [shop.gateway.page_outcome(payment).proof for payment in (asked, plain)]

    assert [proof.three_ds for proof in proofs if proof] == [ThreeDs(True, True, True, "05", "authenticated"), None]
    assert all(proof and proof.network_reference for proof in proofs)


def test_a_token_is_stripes_names_and_the_schemes_number_of_the_first_payment(shop: Shop) -> None:
    assert json.loads(shop.token()).keys() == {"customer", "method", "network"}


def test_a_card_that_was_detached_by_somebody_else_is_gone(shop: Shop) -> None:
    token = shop.token()
    shop.account.cards[json.loads(token)["method"]].customer = ""

    assert shop.gateway.delete_token(a_card(), token).succeeded


def a_card() -> SavedCard:
    made: dict[str, Any] = {"merchant_id": MERCHANT, "environment": TEST, "customer_id": "cust_ada"}
    made |= {"brand": "VISA", "last4": "4242", "expiry": "12/30", "gateway": "stripe", "consent_at": NOON}
    return SavedCard(number=1, **made, sealed="sealed", token_mark="0" * 64, saved_from=a_payment().id)


# ---- what goes wrong ----


@pytest.mark.parametrize(
    ("status", "raised"),
    [
        (401, CredentialsRefused),
        (403, CredentialsRefused),
        (409, OutcomeUnknown),
        (429, Unavailable),
        (500, OutcomeUnknown),
    ],
)
def test_what_moved_nothing_is_told_from_what_may_have(shop: Shop, status: int, raised: type[Exception]) -> None:
    payment = shop.captured(100_00)
    shop.side.acquirer.says += [(status, {"type": "api_error", "message": "no"})] * 2

    with pytest.raises(raised) as caught:
        shop.gateway.refund(payment, new(payment, Kind.REFUND, euro(1)))

    assert caught.type is raised
    assert shop.account.key not in str(caught.value)


def test_an_answer_without_an_object_is_no_answer(shop: Shop) -> None:
    payment = shop.captured(100_00)
    nothing: dict[str, Any] = {}
    for status in (200, 400):
        shop.side.acquirer.says.append((status, nothing))
        with pytest.raises(OutcomeUnknown):
            shop.gateway.refund(payment, new(payment, Kind.REFUND, euro(1)))


# ---- amounts ----


@pytest.mark.parametrize(
    ("amount", "number"),
    [
        (Money(1050, "EUR"), 1050),
        (Money(500, "JPY"), 500),
        (Money(500, "ISK"), 50_000),
        (Money(700, "UGX"), 70_000),
        (Money(1230, "KWD"), 1230),
        (Money(500_00, "MGA"), 500),
    ],
    ids=str,
)
def test_an_amount_is_written_as_stripe_counts_it_and_read_back(amount: Money, number: int) -> None:
    assert to_stripe(amount) == number
    assert from_stripe(number, amount.currency) == amount


@pytest.mark.parametrize("amount", [Money(1234, "KWD"), Money(500_50, "MGA")], ids=str)
def test_an_amount_that_stripe_has_no_number_for_is_refused_before_anything_moves(shop: Shop, amount: Money) -> None:
    with pytest.raises(Unprocessable):
        shop.opened(payment={"amount": amount})

    assert not shop.side.acquirer.asked


def test_a_part_that_stripe_has_no_number_for_is_refused_and_the_hold_stands(shop: Shop) -> None:
    payment = shop.paid(payment={"amount": Money(150_000, "KWD")})

    answer = shop.gateway.capture(payment, new(payment, Kind.CAPTURE, Money(100_001, "KWD")))

    assert (answer.state, answer.code) == (State.REFUSED, "amount_not_representable")
    assert [intent.held for intent in shop.account.intents.values()] == [150_000]


# ---- settings ----


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"secret_key": "pk_test_123456789"}, "secret_key"),
        ({"secret_key": "sk_live_123456789"}, "secret_key"),
        ({"webhook_secret": "secret"}, "webhook_secret"),
        ({"webhook_secret": ["whsec_1", "x"]}, "webhook_secret"),
        ({"api_base": "http://api.stripe.com"}, "api_base"),
        ({"publishable_key": "pk_test_1"}, "publishable_key"),
    ],
)
def test_settings_that_cannot_be_right_are_refused_by_name_and_never_printed(
    wrong: dict[str, Any], field: str
) -> None:
    given = {"secret_key": "sk_test_123456789", **wrong}

    with pytest.raises(InvalidRequest, match=field) as caught:
        validated(Role.CARD_GATEWAY, "stripe", given, Environment.TEST)

    assert "123456789" not in str(caught.value)


@pytest.mark.parametrize(("environment", "key"), [("test", "rk_test_123456"), ("live", "sk_live_123456")])
def test_a_key_belongs_to_its_environment(environment: str, key: str) -> None:
    made = validated(Role.CARD_GATEWAY, "stripe", {"secret_key": key}, Environment(environment))

    assert (made.secret, made.public) == (
        {"secret_key": key},
        {"api_base": "https://api.stripe.com", "raw_cards": "false"},
    )
