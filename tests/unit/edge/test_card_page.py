"""The sandbox's card page: its address opens nothing once a card is held, except for the browser that paid."""

from __future__ import annotations

import pytest

from functions.payment.init import handler as init
from functions.payment.transaction import handler as transaction
from functions.sandbox.card_page import handler as page
from functions.sandbox.card_page_cancel import handler as cancel
from functions.sandbox.card_page_challenge import handler as challenge
from functions.sandbox.card_page_submit import handler as submit
from shared.domain.ids import PaymentId
from shared.domain.payment import Payment, Status
from shared.usecases.payment.record_card_outcome import record_card_outcome
from tests.unit.edge.conftest import PUBLISHABLE, SECRET, Edge
from tests.unit.edge.requests import Answer, ask

VISA = "4242424242424242"
CHALLENGED = "4000002500003155"
DECLINED = "4000000000000002"
ADA = "visit_" + "ad" * 16
EVE = "visit_" + "ee" * 16


class Shop:
    """One payment with its page, and whoever comes to it."""

    def __init__(self, edge: Edge, key: str = SECRET, **order: object) -> None:
        self.edge = edge
        self.made = ask(init, {"amount": 150.00, **order}, key=key).json
        self.path = {"paymentID": self.made["igfs"]["paymentId"]}
        self.transaction = {"transactionId": self.made["transactionId"]}

    @property
    def payment(self) -> Payment:
        return self.edge.world.payments.get(PaymentId(self.made["transactionId"]))

    def look(self, visitor: str | None = None) -> Answer:
        return ask(page, path=self.path, key=visitor)

    def card(self, visitor: str | None = None, number: str = VISA, **more: object) -> Answer:
        body = {"number": number, "holderName": "Ada", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123", **more}
        return ask(submit, body, path=self.path, key=visitor)

    def code(self, visitor: str | None = None, otp: str = "123456") -> Answer:
        return ask(challenge, {"otp": otp}, path=self.path, key=visitor)

    def leave(self, visitor: str | None = None) -> Answer:
        return ask(cancel, path=self.path, key=visitor)

    def read_with(self, secret: str) -> int:
        return ask(transaction, key=secret, path=self.transaction).status


SAID = {"given": True, "text": "2026-11", "language": "fr"}


def test_the_page_asks_to_save_a_card_only_where_the_shop_wants_to(edge: Edge) -> None:
    assert Shop(edge).look().json["asksToSaveCard"] is False
    assert Shop(edge, paymentMode="SALE_WITH_TOKENIZATION").look().json["asksToSaveCard"] is True


def test_what_the_customer_said_is_shown_to_the_merchant(edge: Edge) -> None:
    shop = Shop(edge, paymentMode="SALE_WITH_TOKENIZATION")
    assert shop.card(ADA, saveCard=SAID).json["outcome"] == "APPROVED"

    seen = ask(transaction, key=SECRET, path=shop.transaction).json["cardConsent"]
    assert seen.pop("at").endswith("Z")
    assert seen == SAID
    assert "cardConsent" not in ask(transaction, key=PUBLISHABLE, path=shop.transaction).json


@pytest.mark.parametrize("wrong", [{"text": "<b>"}, {"language": "english"}, {"given": "perhaps"}])
def test_an_answer_that_is_none_is_refused(edge: Edge, wrong: dict[str, object]) -> None:
    shop = Shop(edge, paymentMode="SALE_WITH_TOKENIZATION")

    assert shop.card(ADA, saveCard=SAID | wrong).status == 400


def secret_in(address: str) -> str:
    return address.partition("#")[2]


@pytest.fixture
def shop(edge: Edge) -> Shop:
    return Shop(edge)


def test_who_paid_is_sent_on_with_a_secret_that_works(shop: Shop) -> None:
    reply = shop.card(ADA).json

    assert reply["outcome"] == "APPROVED"
    assert "/pay/choice/" in reply["redirectUrl"]
    assert shop.read_with(secret_in(reply["redirectUrl"])) == 200


def test_a_thousand_keyless_reads_write_nothing_and_leave_the_secret_from_init_alone(shop: Shop) -> None:
    shop.card(ADA)
    before = shop.payment

    seen = [shop.look().json for _ in range(1000)]

    assert shop.payment == before
    assert {reply["nextUrl"] for reply in seen} == {None}
    assert shop.read_with(shop.made["clientSecret"]) == 200


@pytest.mark.parametrize("visitor", [None, EVE, SECRET, PUBLISHABLE])
def test_once_a_card_is_held_the_page_tells_others_that_a_payment_is_under_way_and_no_secret(
    shop: Shop, visitor: str | None
) -> None:
    shop.card(ADA)

    answer = shop.look(visitor)

    assert (answer.status, answer.json["status"], answer.json["nextUrl"]) == (200, "CARD_PREAUTH_SUCCESS", None)
    assert "_secret_" not in answer.text
    assert shop.made["transactionId"] not in answer.text


def test_the_browser_that_paid_is_led_on_after_a_reload(shop: Shop) -> None:
    first = shop.card(ADA).json["redirectUrl"]
    before = shop.payment

    assert shop.look(ADA).json["nextUrl"] == first
    assert shop.payment == before


@pytest.mark.parametrize("visitor", [None, EVE])
def test_no_card_of_another_visitor_opens_a_page_on_which_a_card_is_held(shop: Shop, visitor: str | None) -> None:
    shop.card(ADA)
    before = shop.payment

    for answer in (shop.card(visitor), shop.leave(visitor), shop.code(visitor)):
        assert (answer.status, answer.json["code"]) == (409, "page_paid")
        assert "_secret_" not in answer.text
    assert shop.payment == before


def test_a_card_of_another_visitor_opens_nothing_before_the_held_card_is_on_record_either(shop: Shop) -> None:
    lost = shop.edge.world.payments.get(PaymentId(shop.made["transactionId"]))
    ada = shop.card(ADA).json["redirectUrl"]
    shop.edge.world.payments.add(lost)  # as if Ada's call had died between the gateway's book and ours

    assert shop.card(EVE).json["code"] == "page_paid"
    assert shop.card(ADA).json["redirectUrl"] == ada
    assert shop.read_with(secret_in(ada)) == 200


def test_a_hold_that_housekeeping_records_belongs_to_the_browser_that_paid(shop: Shop) -> None:
    lost = shop.payment
    ada = shop.card(ADA).json["redirectUrl"]
    shop.edge.world.payments.add(lost)

    record_card_outcome(shop.payment.id, world=shop.edge.world)

    assert shop.look(ADA).json["nextUrl"] == ada
    assert shop.read_with(secret_in(ada)) == 200
    assert shop.look(EVE).json["nextUrl"] is None


def test_a_double_click_is_answered_twice_alike(shop: Shop) -> None:
    first, again = shop.card(ADA), shop.card(ADA)

    assert (again.status, again.text) == (200, first.text)
    assert len(shop.payment.client_secrets) == 2  # init's and this browser's


def test_only_who_entered_the_card_passes_its_challenge(shop: Shop) -> None:
    assert shop.card(ADA, CHALLENGED).json["outcome"] == "CHALLENGE"

    for visitor in (EVE, None):
        assert shop.code(visitor).status == 409
    passed = shop.code(ADA)

    assert passed.json["outcome"] == "APPROVED"
    assert shop.read_with(secret_in(passed.json["redirectUrl"])) == 200
    assert shop.look(EVE).json["nextUrl"] is None


def test_another_card_takes_the_challenge_over_and_the_first_code_does_not_pay_it(shop: Shop) -> None:
    shop.card(ADA, CHALLENGED)
    shop.card(EVE, CHALLENGED)

    assert shop.code(ADA).status == 409
    assert secret_in(shop.code(EVE).json["redirectUrl"])


def test_after_a_decline_anybody_with_the_address_may_pay(shop: Shop) -> None:
    assert shop.card(ADA, DECLINED).json["outcome"] == "DECLINED"

    assert shop.look(EVE).json["status"] == "CARD_PREAUTH_FAILED"
    paid = shop.card(EVE).json
    assert shop.read_with(secret_in(paid["redirectUrl"])) == 200
    assert shop.look(ADA).json["nextUrl"] is None


def test_a_program_without_a_visitors_token_pays_too_and_is_told_its_secret_once(shop: Shop) -> None:
    assert shop.card(None, CHALLENGED).json["outcome"] == "CHALLENGE"

    paid = shop.code(None).json

    assert shop.read_with(secret_in(paid["redirectUrl"])) == 200
    assert shop.card(None).status == 409


@pytest.mark.parametrize("mode", ["PREAUTH_VOUCHER_CAPTURE", "SALE_DIRECT"])
def test_the_shops_error_page_is_told_how_a_cancelled_payment_ends_and_not_how_far_it_is(
    edge: Edge, mode: str
) -> None:
    shop = Shop(edge, paymentMode=mode, errorUrl="https://shop.example/oops")

    address = shop.leave().json["redirectUrl"]

    assert address == f"https://shop.example/oops?transactionId={shop.payment.id}&status=FAILED&error=cancelled"


def test_a_page_that_ended_without_a_card_says_why(edge: Edge) -> None:
    shop = Shop(edge, paymentMode="SALE_DIRECT")
    shop.leave()

    seen = shop.look().json
    assert (seen["status"], seen["lastError"]) == (Status.FAILED, {"code": "cancelled"})


def test_a_secret_cannot_be_made_from_what_is_stored(shop: Shop) -> None:
    secret = secret_in(shop.card(ADA).json["redirectUrl"])
    stored = repr(shop.payment) + repr(vars(shop.edge.world.books))

    for private in (ADA, secret):
        assert private not in stored
