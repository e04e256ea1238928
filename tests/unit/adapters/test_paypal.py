"""What PayPal alone does: bodies by its own description, orders that are agreed to once, tokens, and waiting."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import jsonschema
import pytest

from shared.adapters.card_gateways import paypal_wire
from shared.adapters.card_gateways.paypal import PayPalCardGateway
from shared.adapters.card_gateways.paypal_answers import placed
from shared.adapters.connector_checks import CHECKS
from shared.adapters.settings_files import validated
from shared.domain.account import Role
from shared.domain.authentication import Protection
from shared.domain.card import CardPage, Initiator
from shared.domain.decline import Decline
from shared.domain.errors import (
    CredentialsRefused,
    InvalidRequest,
    NobodyKnows,
    OutcomeUnknown,
    Unavailable,
    Unprocessable,
)
from shared.domain.ids import PageId, PaymentId
from shared.domain.money import Money
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Environment, Payment
from shared.domain.saved_card import SavedCard
from shared.domain.taking import pending
from shared.ports.connectors import PageRequest, PageState
from tests.unit.adapters.paypal_schema import ASKED, BODIES, DELETED, PREFER, REQUEST_ID
from tools.testing.builders import MERCHANT, TEST, a_payment, euro
from tools.testing.fakes import NOON
from tools.testing.far_sides.door import Request
from tools.testing.far_sides.paypal.books import Order
from tools.testing.far_sides.paypal.server import DECLINED, TOKENS
from tools.testing.far_sides.paypal.side import PayPalSide
from tools.testing.far_sides.switch import Damage, Fault

BACK = "https://gateway.example/return/TXN/secret"


class Shop:
    """A merchant with a business account, and what PayPal was asked for it."""

    def __init__(self) -> None:
        self.side = PayPalSide()
        self.business = self.side.business
        self.gateway = PayPalCardGateway(self.side.settings)

    def asked(self, path: str = r"/v[23]/.*") -> list[Request]:
        return [one for one in self.side.acquirer.asked if re.fullmatch(path, one.path)]

    def opened(self, **wanted: Any) -> Payment:
        fields = wanted.pop("payment", {})
        payment = a_payment(gateway="paypal", **fields)
        asked: dict[str, Any] = {"sale": False, "tokenize": False, "return_url": BACK} | wanted
        page = self.gateway.open_page(PageRequest(payment, payment.page_id, **asked))
        kept = CardPage(1, page.page_id, NOON, page.url, dict(page.handle), page.framable)
        return replace(payment, page_id=page.page_id, card_page=kept)

    def agreed(self, declines: str = "", **wanted: Any) -> Payment:
        payment = self.opened(**wanted)
        assert self.business.agreed(payment.page_id, declines)
        return payment

    def did(self, payment: Payment, kind: Kind, amount: Money, call: Any) -> Payment:
        made = new(payment, kind, amount)
        return payment.with_operation(made.closed(call(payment, made), NOON))

    def held(self, **wanted: Any) -> Payment:
        payment = self.agreed(**wanted)
        return self.did(payment, Kind.PREAUTH, payment.amount, self.gateway.authorise)

    def captured(self, cents: int) -> Payment:
        return self.did(self.held(), Kind.CAPTURE, euro(cents), self.gateway.capture)

    def saved(self) -> str:
        """The token of an account that was saved with a sale."""
        payment = self.agreed(sale=True, tokenize=True)
        payment = self.did(payment, Kind.SALE, payment.amount, self.gateway.authorise)
        return self.gateway.page_outcome(payment).token or ""

    def charged(self, token: str, initiator: Initiator = Initiator.CUSTOMER) -> Payment:
        payment = a_payment(gateway="paypal", saved_card=1, initiator=initiator)
        return self.did(payment, Kind.SALE, payment.amount, partial(self.gateway.charge, token=token))

    def order(self, payment: Payment) -> Order:
        return self.business.orders[payment.page_id]


def a_saved_account() -> SavedCard:
    return SavedCard(
        *(1, MERCHANT, TEST, "customer-1", "paypal", "PAYPAL", "", "", "sealed", "mark", PaymentId("TXN_1"), NOON)
    )


def new(payment: Payment, kind: Kind, amount: Money) -> Operation:
    return pending(payment, kind, len(payment.operations) + 1, amount, NOON)


def again(made: Operation) -> Operation:
    return replace(made.closed(Answer(State.UNKNOWN), NOON), taken_at=NOON)


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.side.close()


# ---- what is sent ----


@pytest.mark.parametrize("path", BODIES)
def test_every_body_is_as_paypal_describes_it(shop: Shop, path: str) -> None:
    payment = shop.captured(100_00)
    sale = shop.agreed(sale=True, payment={"language": "it-IT", "description": "Pranzo " * 40})
    shop.did(sale, Kind.SALE, sale.amount, shop.gateway.authorise)
    shop.gateway.refund(payment, new(payment, Kind.REFUND, euro(1)))
    voided = shop.held()
    shop.gateway.void(voided, new(voided, Kind.VOID, voided.amount))
    saved = shop.saved()
    charged = shop.charged(saved, Initiator.MERCHANT)
    shop.gateway.lookup(charged, new(charged, Kind.REFUND, euro(1)))
    shop.gateway.delete_token(a_saved_account(), saved)

    asked, described = [one for one in shop.asked(path) if one.method == "POST"], BODIES[path]

    assert asked
    for one in asked:
        assert (one.body == b"") is (described is None)
        if described is not None:
            jsonschema.validate(json.loads(one.body), described)
        jsonschema.validate(one.headers["paypal-request-id"], REQUEST_ID)
    for one in shop.asked():
        jsonschema.validate(one.headers["prefer"], PREFER)
        assert any(
            re.fullmatch(known, one.path) for known in {"POST": BODIES, "DELETE": DELETED}.get(one.method, ASKED)
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"intent": "HOLD", "purchase_units": [{"amount": {"currency_code": "EUR", "value": "1.00"}}]},
        {"intent": "CAPTURE", "purchase_units": [{"amount": {"currency_code": "EURO", "value": "1.00"}}]},
        {"intent": "CAPTURE", "purchase_units": [{"amount": {"currency_code": "EUR", "value": 1}}]},
        {"intent": "CAPTURE", "purchase_units": []},
        {
            "intent": "CAPTURE",
            "purchase_units": [{"amount": {"currency_code": "EUR", "value": "1.00"}, "description": ""}],
        },
    ],
    ids=str,
)
def test_the_description_can_be_missed(wrong: dict[str, Any]) -> None:
    described = BODIES["/v2/checkout/orders"]
    assert described is not None
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, described)


def test_a_description_is_cut_by_what_its_letters_weigh_and_between_two_of_them(shop: Shop) -> None:
    whole = "Menù à la carte già pagato " * 6

    shop.opened(payment={"description": whole})

    (order,) = shop.asked("/v2/checkout/orders")
    sent = json.loads(order.body)["purchase_units"][0]["description"]
    assert whole.startswith(sent)
    assert 120 < len(sent.encode()) <= 127


def test_a_page_is_where_either_link_for_the_buyer_leads(shop: Shop) -> None:
    shop.opened()
    for rel in ("payer-action", "approve"):
        links = [
            {"rel": "self", "href": "https://paypal.example/api"},
            {"rel": rel, "href": f"https://paypal.example/{rel}"},
        ]
        shop.side.acquirer.says.append((201, {"id": "OWN1", "status": "CREATED", "links": links}))

        page = shop.opened().card_page

        assert page is not None
        assert page.url == f"https://paypal.example/{rel}"


COVERED = Protection("ELIGIBLE", ("ITEM_NOT_RECEIVED", "UNAUTHORIZED_TRANSACTION"))


def test_whether_paypal_bears_the_loss_of_a_dispute_is_kept_with_what_was_held_and_taken(shop: Shop) -> None:
    payment = shop.captured(100_00)

    journal = [payment.done(kind)[-1].proof for kind in (Kind.PREAUTH, Kind.CAPTURE)]
    proofs = [*journal, shop.gateway.page_outcome(payment).proof]

    assert [proof and proof.protection for proof in proofs] == [COVERED] * 3


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"status": "NOT_ELIGIBLE"}, Protection("NOT_ELIGIBLE")),
        (
            {"status": "ELIGIBLE", "dispute_categories": ["ITEM_NOT_RECEIVED", 5, "<b>"]},
            Protection("ELIGIBLE", ("ITEM_NOT_RECEIVED",)),
        ),
        ({"status": ""}, None),
        ({"dispute_categories": ["ITEM_NOT_RECEIVED"]}, None),
        ("ELIGIBLE", None),
    ],
)
def test_what_is_no_word_of_protection_is_none(said: object, kept: Protection | None) -> None:
    proof = placed({"id": "1", "status": "CREATED", "seller_protection": said}).proof

    assert (proof and proof.protection) == kept


def test_a_capture_is_the_last_one_and_bears_our_key(shop: Shop) -> None:
    shop.captured(100_00)

    (capture,) = shop.asked(r"/v2/payments/authorizations/\w+/capture")
    sent = json.loads(capture.body)
    assert sent["final_capture"] is True
    assert sent["invoice_id"] == capture.headers["paypal-request-id"]


@pytest.mark.parametrize(
    ("amount", "value"),
    [(Money(1050, "EUR"), "10.50"), (Money(500, "JPY"), "500"), (Money(500_00, "HUF"), "500")],
    ids=str,
)
def test_an_amount_is_written_as_paypal_counts_it_and_read_back(amount: Money, value: str) -> None:
    written = paypal_wire.to_paypal(amount)

    assert written == {"currency_code": amount.currency, "value": value}
    assert paypal_wire.from_paypal({"amount": written}) == amount


def test_a_part_that_paypal_has_no_number_for_is_refused_and_the_hold_stands(shop: Shop) -> None:
    payment = shop.held(payment={"amount": Money(500_00, "HUF")})

    answer = shop.gateway.capture(payment, new(payment, Kind.CAPTURE, Money(100_50, "HUF")))

    assert (answer.state, answer.code) == (State.REFUSED, "amount_not_representable")
    assert shop.order(payment).held == 500_00
    with pytest.raises(Unprocessable):
        shop.opened(payment={"amount": Money(500_50, "HUF")})


# ---- what a buyer agrees to ----


def test_a_refused_way_of_paying_spends_the_order_and_says_why(shop: Shop) -> None:
    payment = shop.agreed(DECLINED)
    payment = shop.did(payment, Kind.PREAUTH, payment.amount, shop.gateway.authorise)

    outcome = shop.gateway.page_outcome(payment)

    assert (outcome.state, outcome.reason, outcome.code) == (PageState.DECLINED, Decline.CARD_DECLINED, DECLINED)
    assert outcome.closed
    assert shop.gateway.page_outcome(replace(payment, operations=())).state is PageState.AGREED


def test_what_paypal_still_looks_into_is_waited_for(shop: Shop) -> None:
    shop.business.authorizations_wait = True
    payment = shop.agreed()
    made = new(payment, Kind.PREAUTH, payment.amount)

    with pytest.raises(OutcomeUnknown):
        shop.gateway.authorise(payment, made)
    assert shop.gateway.page_outcome(payment).state is PageState.PENDING
    with pytest.raises(OutcomeUnknown):
        shop.gateway.lookup(payment, made)
    shop.business.settled(shop.order(payment), stands=True)

    answer = shop.gateway.lookup(payment, made)
    assert answer is not None
    assert answer.succeeded
    assert shop.gateway.page_outcome(payment).state is PageState.APPROVED


def test_what_was_authorised_under_a_key_that_is_forgotten_is_found_in_the_order(shop: Shop) -> None:
    payment = shop.agreed()
    made = new(payment, Kind.PREAUTH, payment.amount)
    first = shop.gateway.authorise(payment, made)
    shop.business.answered.clear()  # after six hours

    assert shop.gateway.authorise(payment, again(made)) == first
    assert shop.order(payment).held == 150_00


def test_an_order_that_is_over_is_asked_what_became_of_it(shop: Shop) -> None:
    over = (422, {"name": "UNPROCESSABLE_ENTITY", "details": [{"issue": "ORDER_COMPLETED_OR_VOIDED"}]})
    payment, voided = shop.agreed(), shop.agreed()
    made = new(payment, Kind.PREAUTH, payment.amount)
    first = shop.gateway.authorise(payment, made)

    shop.side.acquirer.says.append(over)
    assert shop.gateway.authorise(payment, again(made)) == first
    shop.side.acquirer.says.append(over)
    answer = shop.gateway.authorise(voided, new(voided, Kind.PREAUTH, voided.amount))
    assert (answer.state, answer.code) == (State.REFUSED, "ORDER_COMPLETED_OR_VOIDED")


def test_a_sale_that_paypal_is_still_completing_is_no_refusal(shop: Shop) -> None:
    payment = shop.agreed()
    shop.side.acquirer.says.append(
        (422, {"name": "UNPROCESSABLE_ENTITY", "details": [{"issue": "ORDER_COMPLETION_IN_PROGRESS"}]})
    )

    with pytest.raises(OutcomeUnknown):
        shop.gateway.authorise(payment, new(payment, Kind.SALE, payment.amount))


@pytest.mark.parametrize("kind", ["authorizations", "captures"])
@pytest.mark.parametrize("status", ["", "SOMETHING_NEW"])
def test_a_status_that_paypal_does_not_describe_is_no_refusal(shop: Shop, kind: str, status: str) -> None:
    payment = shop.agreed()
    made = {"id": "OWN9", "status": status, "amount": {"currency_code": "EUR", "value": "150.00"}}
    order = {"id": payment.page_id, "status": "COMPLETED", "purchase_units": [{"payments": {kind: [made]}}]}

    for call in (
        lambda: shop.gateway.authorise(payment, new(payment, Kind.PREAUTH, payment.amount)),
        lambda: shop.gateway.page_outcome(payment),
        lambda: shop.gateway.lookup(payment, new(payment, Kind.PREAUTH, payment.amount)),
    ):
        shop.side.acquirer.says.append((201, order))
        with pytest.raises(OutcomeUnknown):
            call()


def test_a_sale_is_captured_when_it_is_agreed_to_and_refunded(shop: Shop) -> None:
    payment = shop.agreed(sale=True)
    payment = shop.did(payment, Kind.SALE, payment.amount, shop.gateway.authorise)

    assert shop.gateway.refund(payment, new(payment, Kind.REFUND, euro(30_00))).succeeded

    assert (shop.order(payment).taken, shop.order(payment).refunded) == (150_00, 30_00)


def test_nothing_above_the_payment_is_captured_though_paypal_would(shop: Shop) -> None:
    payment = shop.held()

    answer = shop.gateway.capture(payment, new(payment, Kind.CAPTURE, euro(150_01)))

    assert (answer.state, answer.code) == (State.REFUSED, "amount_too_large")
    assert shop.order(payment).held == 150_00


def test_a_refund_that_is_only_accepted_is_asked_about_until_there_is_a_last_word(shop: Shop) -> None:
    shop.business.refunds_wait = True
    for stands in (True, False):
        payment = shop.captured(100_00)
        made = new(payment, Kind.REFUND, euro(10_00))
        assert shop.gateway.refund(payment, made).final is False
        shop.business.settled(shop.order(payment), stands=stands)

        last = shop.gateway.lookup(payment, made)

        assert last is not None
        assert (last.final, last.succeeded) == (True, stands)


# ---- accounts that are saved ----


def test_an_account_is_saved_where_that_was_asked_for_and_told_by_whose_it_is(shop: Shop) -> None:
    payment, other = (shop.agreed(sale=True, tokenize=saves) for saves in (True, False))
    for one in (payment, other):
        shop.did(one, Kind.SALE, one.amount, shop.gateway.authorise)

    outcome, plain = shop.gateway.page_outcome(payment), shop.gateway.page_outcome(other)

    assert outcome.token in shop.business.vault
    assert (outcome.card, outcome.account, plain.token, plain.account) == (None, "b***@example.com", None, None)
    assert "buyer1" not in repr(outcome).lower()


def test_the_same_account_saved_again_is_known_by_its_owner_and_has_a_token_of_its_own(shop: Shop) -> None:
    first, second = shop.saved(), shop.saved()
    orders = list(shop.business.orders.values())

    prints = {
        shop.gateway.page_outcome(a_payment(gateway="paypal", page_id=PageId(o.id))).fingerprint for o in orders
    }

    assert first != second
    assert len(prints) == 1


def test_a_token_that_paypal_does_not_have_yet_is_on_its_way(shop: Shop) -> None:
    shop.business.vault_waits = True
    payment = shop.agreed(sale=True, tokenize=True)
    payment = shop.did(payment, Kind.SALE, payment.amount, shop.gateway.authorise)

    outcome = shop.gateway.page_outcome(payment)
    shop.business.vault_waits = False

    assert (outcome.state, outcome.token, outcome.token_comes) == (PageState.APPROVED, None, True)
    assert shop.gateway.page_outcome(payment).token


@pytest.mark.parametrize(
    ("initiator", "said"),
    [
        (Initiator.CUSTOMER, ("CUSTOMER", "SUBSEQUENT", "IMMEDIATE")),
        (Initiator.MERCHANT, ("MERCHANT", "SUBSEQUENT", "UNSCHEDULED_POSTPAID")),
    ],
)
def test_a_charge_says_who_is_there_and_by_what_agreement(
    shop: Shop, initiator: Initiator, said: tuple[str, str, str]
) -> None:
    token = shop.saved()

    shop.charged(token, initiator)

    sent = json.loads(shop.asked(r"/v2/checkout/orders/\w+/capture")[-1].body)["payment_source"]["paypal"]
    stored = sent["stored_credential"]
    assert sent["vault_id"] == token
    assert (stored["payment_initiator"], stored["usage"], stored["usage_pattern"]) == said


def test_a_charge_whose_order_nobody_heard_of_charged_nobody_and_says_so(shop: Shop) -> None:
    token, payment = shop.saved(), a_payment(gateway="paypal", saved_card=1)
    made = new(payment, Kind.SALE, payment.amount)
    for damage in Damage:
        with shop.side.switch.at(Fault(damage, question=True)), pytest.raises(Unavailable):
            shop.gateway.charge(payment, made, token)

    assert shop.gateway.lookup(payment, made) is None
    assert sum(order.taken for order in shop.business.orders.values() if order.custom_id == payment.id) == 0


@pytest.mark.parametrize(
    ("issue", "known"),
    [("INVALID_CURRENCY_CODE", True), ("DECIMAL_PRECISION", True), ("PAYEE_ACCOUNT_RESTRICTED", False)],
)
def test_an_order_that_could_never_be_made_charged_nobody_and_one_that_cannot_now_says_nothing(
    shop: Shop, issue: str, known: bool
) -> None:
    token, payment = shop.saved(), a_payment(gateway="paypal", saved_card=1)
    made = new(payment, Kind.SALE, payment.amount)
    shop.business.refuses_orders = issue

    answer = shop.gateway.charge(payment, made, token)

    assert (answer.state, answer.code) == (State.REFUSED, issue)
    if known:  # its answer was lost, and the body is the same
        assert shop.gateway.lookup(payment, again(made)) == answer
    else:  # the account was in order when it was sent, perhaps
        with pytest.raises(OutcomeUnknown):
            shop.gateway.lookup(payment, again(made))


def test_a_lost_charge_is_not_asked_about_once_paypal_has_forgotten_its_key(shop: Shop) -> None:
    token, payment = shop.saved(), a_payment(gateway="paypal", saved_card=1)
    made = new(payment, Kind.SALE, payment.amount)
    shop.gateway.charge(payment, made, token)

    with pytest.raises(NobodyKnows):
        shop.gateway.lookup(payment, replace(made, started_at=NOON - timedelta(hours=6)))


def test_a_charge_that_is_only_accepted_is_asked_about_for_days(shop: Shop) -> None:
    token = shop.saved()
    shop.business.captures_wait = True
    for stands in (True, False):
        payment = shop.charged(token)
        (charged,) = payment.operations
        assert charged.provisional
        (order,) = [
            one for one in shop.business.orders.values() if one.captures and one.captures[0].status == "PENDING"
        ]
        shop.business.settled(order, stands=stands)

        last = shop.gateway.lookup(payment, replace(charged, started_at=NOON - timedelta(days=4)))

        assert last is not None
        assert (last.final, last.succeeded) == (True, stands)


def test_a_charge_that_its_owner_has_to_confirm_is_refused_with_that_reason(shop: Shop) -> None:
    token = shop.saved()
    shop.business.vault[token].declines = "PAYER_ACTION_REQUIRED"
    (refused,) = shop.charged(token).operations
    payment = a_payment(gateway="paypal", saved_card=1)
    made = new(payment, Kind.SALE, payment.amount)
    asked = {"id": "OWN1", "status": "PAYER_ACTION_REQUIRED", "purchase_units": []}
    shop.side.acquirer.says.extend([(201, {"id": "OWN1"}), (200, asked)])

    answer = shop.gateway.charge(payment, made, token)

    assert (refused.state, refused.code) == (State.REFUSED, "PAYER_ACTION_REQUIRED")
    assert (answer.state, answer.reason) == (State.REFUSED, Decline.AUTHENTICATION_REQUIRED)


def test_a_refund_of_a_charge_whose_answer_was_lost_is_found_in_its_order(shop: Shop) -> None:
    payment = shop.charged(shop.saved())
    made = new(payment, Kind.REFUND, euro(30_00))
    with shop.side.switch.at(Fault(Damage.LOST, acted=True)), pytest.raises(OutcomeUnknown):
        shop.gateway.refund(payment, made)

    told = shop.gateway.lookup(payment, made)

    assert told is not None
    assert told.succeeded
    assert shop.gateway.refund(payment, again(made)) == told


def test_a_token_that_paypal_will_not_delete_is_asked_about_and_tried_again(shop: Shop) -> None:
    token = shop.saved()
    shop.side.acquirer.says.append((400, {"name": "INVALID_REQUEST"}))

    assert not shop.gateway.delete_token(a_saved_account(), token).succeeded

    shop.business.vault.clear()
    shop.side.acquirer.says.append((400, {"name": "INVALID_REQUEST"}))
    assert shop.gateway.delete_token(a_saved_account(), token).succeeded


# ---- calls and tokens ----


def test_a_capture_is_one_call_with_a_token_that_is_kept_and_one_more_after_a_lost_answer(shop: Shop) -> None:
    payment = shop.held()
    made = new(payment, Kind.CAPTURE, euro(100_00))
    shop.side.acquirer.asked.clear()
    with shop.side.switch.at(Fault(Damage.LOST, acted=True)), pytest.raises(OutcomeUnknown):
        shop.gateway.capture(payment, made)

    answer = shop.gateway.lookup(payment, made)

    assert answer is not None
    assert answer.succeeded
    assert [one.path for one in shop.side.acquirer.asked if one.path == TOKENS] == []
    assert len(shop.side.acquirer.asked) == 2


def test_a_token_that_is_not_taken_any_more_is_fetched_anew_and_the_call_made_once(shop: Shop) -> None:
    payment = shop.held()
    shop.business.tokens.clear()
    shop.side.acquirer.asked.clear()

    assert shop.gateway.capture(payment, new(payment, Kind.CAPTURE, euro(100_00))).succeeded

    assert [one.path == TOKENS for one in shop.side.acquirer.asked] == [False, True, False]
    assert shop.order(payment).taken == 100_00


def test_a_secret_that_is_wrong_lets_nobody_in_and_is_told_nowhere(shop: Shop) -> None:
    known = {**shop.side.settings.credentials.of(MERCHANT, TEST, "paypal"), "client_secret": "wrong_and_secret"}
    check = CHECKS[Role.CARD_GATEWAY]["paypal"]

    with pytest.raises(CredentialsRefused) as caught:
        check(shop.side.settings.http, TEST, known)

    assert "wrong_and_secret" not in str(caught.value)
    right = shop.side.settings.credentials.of(MERCHANT, TEST, "paypal")
    assert check(shop.side.settings.http, TEST, right) == shop.business.client_id


@pytest.mark.parametrize(("status", "raised"), [(429, Unavailable), (409, OutcomeUnknown), (500, OutcomeUnknown)])
def test_what_moved_nothing_is_told_from_what_may_have(shop: Shop, status: int, raised: type[Exception]) -> None:
    payment = shop.captured(100_00)
    shop.side.acquirer.says.append((status, {"name": "INTERNAL_SERVICE_ERROR"}))

    with pytest.raises(raised):
        shop.gateway.refund(payment, new(payment, Kind.REFUND, euro(1)))


def test_a_right_that_is_missing_is_asked_for_with_a_new_token_and_then_told_as_refused(shop: Shop) -> None:
    """What an application may do stands in its token: one that was given the right since has it in the next."""
    payment = shop.captured(100_00)
    not_allowed = (403, {"name": "NOT_AUTHORIZED"})

    shop.side.acquirer.says.append(not_allowed)
    assert shop.gateway.refund(payment, new(payment, Kind.REFUND, euro(1))).succeeded

    shop.side.acquirer.says.extend([not_allowed] * 10)
    with pytest.raises(CredentialsRefused):
        shop.gateway.refund(payment, new(payment, Kind.REFUND, euro(1)))
    assert len(shop.side.acquirer.says) == 6


def test_an_answer_that_says_nothing_is_no_answer(shop: Shop) -> None:
    payment = shop.captured(100_00)
    nothing: dict[str, Any] = {}
    for status in (200, 400):
        shop.side.acquirer.says.append((status, nothing))
        with pytest.raises(OutcomeUnknown):
            shop.gateway.refund(payment, new(payment, Kind.REFUND, euro(1)))


# ---- settings ----


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"client_secret": ""}, "client_secret"),
        ({"client_id": "a b"}, "client_id"),
        ({"api_base": "https://api-m.paypal.com"}, "api_base"),
        ({"webhook_id": "-"}, "webhook_id"),
        ({"webhook_id": "8" * 51}, "webhook_id"),
    ],
)
def test_settings_that_cannot_be_right_are_refused_by_name_and_never_printed(
    wrong: dict[str, Any], field: str
) -> None:
    given = {"client_id": "AClient_123", "client_secret": "ESecret_123456789"}
    given |= {"api_base": "https://api-m.sandbox.paypal.com", **wrong}

    with pytest.raises(InvalidRequest, match=field) as caught:
        validated(Role.CARD_GATEWAY, "paypal", given, Environment.TEST)

    assert "123456789" not in str(caught.value)


@pytest.mark.parametrize("kind", [Kind.CAPTURE, Kind.REFUND])
def test_what_is_refused_as_done_before_is_known_by_our_key(shop: Shop, kind: Kind) -> None:
    payment = shop.captured(150_00) if kind is Kind.REFUND else shop.held()
    call = shop.gateway.refund if kind is Kind.REFUND else shop.gateway.capture
    operation = pending(payment, kind, 1, payment.amount, NOON)
    done = call(payment, operation)
    shop.business.answered.clear()  # PayPal has forgotten the key

    again = call(payment, operation)

    assert (done.state, again.state, again.reference) == (State.SUCCEEDED, State.SUCCEEDED, done.reference)
    another = call(payment, replace(operation, key=f"{operation.key}0"))
    assert another.state is State.REFUSED
