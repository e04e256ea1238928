"""Paying an order server to server: what is refused before anything happens, one order one success, the way back."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from functions.glomopay.payment_cancel import handler as cancel
from functions.glomopay.payment_create import handler as create
from functions.glomopay.payment_get import handler as read
from functions.glomopay.payment_list import handler as listed
from functions.payment.transaction import handler as transaction
from functions.sandbox.card_page import handler as card_page
from shared.bootstrap import core
from shared.domain.event import EventType
from shared.domain.ids import PaymentId
from shared.usecases.housekeeping.look_after_payments import sweep
from shared.usecases.order.look_after_orders import sweep_orders
from tests.unit.edge.conftest import LIVE, OTHER_SHOP, PUBLISHABLE, SECRET, Edge
from tests.unit.edge.requests import ask
from tests.unit.glomopay.shop import (
    CALLBACK,
    DECLINED_CARD,
    OTP_CARD,
    PLAIN_CARD,
    begun,
    card,
    is_genuine,
    order,
    order_status,
    pay,
    shown,
    told,
)  # fmt: skip
from tools.testing.fakes import FakeOrders

REAL_CARD = "4929000000006"


def events(edge: Edge, subject: str) -> list[str]:
    return edge.world.events.types(subject)


def captured(edge: Edge, payment_id: str) -> int:
    """What the sandbox really took, by its own books."""
    payment = core.payments().get(PaymentId(payment_id))
    doc, _ = edge.world.books.load("page", payment.page_id)
    return int(doc["captured"]) - int(doc["refunded"])


@pytest.mark.parametrize("method", ["POST", "GET", "PATCH"])
def test_the_door_that_makes_up_bank_transfers_is_not_there(edge: Edge, method: str) -> None:
    answer = ask(read, {}, key=SECRET, path={"id": "mock"}, method=method)

    assert (answer.status, answer.json["error"], answer.json["code"]) == (404, "Not Found", "not_found")
    assert "Allow" not in answer.headers


def test_the_guides_payment_is_answered_with_where_to_go_and_moves_no_money(
    edge: Edge, customer: dict[str, Any]
) -> None:
    mine = order(customer)

    holder = begun(mine)

    redirect, poll = holder.reply["next_steps"]
    assert {name: holder.reply[name] for name in ("order_id", "status")} == {"order_id": mine, "status": "pending"}
    assert redirect["action"] == "redirect"
    assert holder.address.startswith(f"https://pages.example/pay/authenticate/?paymentId={holder.id}&authToken=ey")
    assert holder.query["redirectUrl"] == CALLBACK
    assert poll == {
        "action": "poll",
        "payload": {"url": f"https://pages.example/paymentgw/api/v1/payments/{holder.id}", "interval_in_ms": 5000},
    }
    assert shown(holder.id)["status"] == "in_progress"
    assert captured(edge, holder.id) == 0
    assert OTP_CARD not in json.dumps(holder.reply)


def test_the_right_code_charges_once_and_leads_back_with_a_signed_word(edge: Edge, customer: dict[str, Any]) -> None:
    mine = order(customer)
    holder = begun(mine)

    answers = [holder.answer() for _ in range(3)]

    assert [answer.status for answer in answers] == [200] * 3
    assert len({answer.json["redirect_url"] for answer in answers}) == 1
    back = answers[0].json["redirect_url"]
    assert back.startswith("https://shop.example/back?cart=7&x=%C3%A8&order_id=")
    assert back.endswith("#top")
    assert list(told(back)) == ["cart", "x", "order_id", "payment_id", "status", "signature"]
    assert (told(back)["status"], is_genuine(back)) == ("success", True)
    assert holder.look().json["redirect_url"] == back
    assert captured(edge, holder.id) == 1000
    assert (shown(holder.id)["status"], order_status(mine)) == ("success", "paid")
    assert events(edge, mine) == [EventType.ORDER_PAID]
    assert events(edge, holder.id) == [EventType.PAID, EventType.CHECKOUT_ENDED]


def test_a_success_is_shown_with_every_field(edge: Edge, customer: dict[str, Any]) -> None:
    mine = order(customer, purpose_code="P1401", product={"name": "Insurance", "description": "Flexible"})
    holder = begun(mine, notes={"internal_ref": "ref_12345"}, request_id="pay-1")
    edge.world.now.advance(minutes=2)
    holder.answer()

    nothing = {"amount": 0, "currency": "USD"}
    assert shown(holder.id) == {
        "id": holder.id, "payment_id": holder.id, "payin_id": mine, "payin_type": "orders", "order_id": mine,
        "subscription_id": None, "status": "success", "compliance_status": None,
        "payment_currency": "USD", "payment_amount": 1000, "converted_currency": "USD", "converted_amount": 1000,
        "requested_currency": "USD", "requested_amount": 1000, "amount": 1000, "currency": "USD",
        "amount_refunded": 0, "purpose_code": "P1401", "sender_name": "John Doe",
        "notes": {"internal_ref": "ref_12345"}, "request_id": "pay-1", "error_code": None,
        "error_description": None, "customer_error_description": None, "paid_at": "2026-03-02T12:02:00.000Z",
        "fee_bearer": "merchant", "fee_collection_mode": None, "created_at": "2026-03-02T12:00:00.000Z",
        "updated_at": "2026-03-02T12:02:00.000Z", "customer_id": customer["id"], "merchant_id": "m_shop",
        "product_name": "Insurance", "product_description": "Flexible", "country": "ITA",
        "fees": dict.fromkeys(("txn_fee", "fx_fee", "referral_fee"), nothing),
        "fee_breakdown": {"txn_fee": [], "fx_fee": [], "referral_fee": []}, "documents": [], "settlement_id": None,
        "funds_available": True,
        "payment_method": {
            "type": "card",
            "details": {
                "card_network": "Visa", "card_type": None, "end_digits": "1111", "country_code": None,
                "card_holder_name": "John Doe", "card_bin": "411111", "issuer_name": None,
            },
        },
    }  # fmt: skip


CARDS = {
    "3466241111111111": ("American Express", "none", "success"),
    "3469122222222222": ("American Express", "otp", "success"),
    "3490881111111112": ("American Express", "none", "failed"),
    "3790802222222223": ("American Express", "otp", "failed"),
    "4916531111111111": ("Mastercard", "none", "success"),
    "4376702222222222": ("Mastercard", "otp", "success"),
    "4532271111111112": ("Mastercard", "none", "failed"),
    "4556822222222223": ("Mastercard", "otp", "failed"),
    "4532491111111111": ("Visa", "none", "success"),
    "4532442222222222": ("Visa", "otp", "success"),
    "4556891111111112": ("Visa", "none", "failed"),
    "4597262222222223": ("Visa", "otp", "failed"),
    "4111111111111111": ("Visa", "otp", "success"),
    "4242424242424242": ("Visa", "none", "success"),
    "5555555555554444": ("Mastercard", "none", "success"),
    "378282246310005": ("American Express", "none", "success"),
    "4000002500003155": ("Visa", "otp", "success"),
    "4000000000000002": ("Visa", "none", "failed"),
}


@pytest.mark.parametrize("number", CARDS)
def test_every_test_card_does_what_its_table_says(edge: Edge, customer: dict[str, Any], number: str) -> None:
    network, asks, ends = CARDS[number]
    mine = order(customer)
    holder = begun(mine, number)
    page = holder.look().json

    ended = holder.answer("123456" if asks == "otp" else None)

    assert (page["challenge"], page["card"]) == (asks, {"card_network": network, "end_digits": number[-4:]})
    assert ended.json["status"] == shown(holder.id)["status"] == told(ended.json["redirect_url"])["status"] == ends
    assert is_genuine(ended.json["redirect_url"])
    assert captured(edge, holder.id) == (1000 if ends == "success" else 0)
    assert order_status(mine) == ("paid" if ends == "success" else "active")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("4000000000000002", "PAYMENT_DECLINED"),
        ("4000000000009995", "INSUFFICIENT_BALANCE"),
        ("4000000000000069", "CARD_EXPIRED"),
        ("4000000000003055", "CARD_NOT_SUPPORTED_ON_3DS"),
        ("4000000000000044", "PAYMENT_DECLINED"),
    ],
)
def test_a_decline_says_why_to_the_merchant_and_to_the_customer(
    customer: dict[str, Any], number: str, code: str
) -> None:
    holder = begun(order(customer), number)

    back = told(holder.answer(None).json["redirect_url"])

    failed = shown(holder.id)
    assert failed["error_code"] == code
    assert failed["error_description"]
    assert back["error"] == failed["customer_error_description"]
    assert list(back)[-5:] == ["order_id", "payment_id", "status", "signature", "error"]
    assert (failed["paid_at"], failed["funds_available"]) == (None, False)


def test_three_wrong_codes_end_the_payment_and_leave_the_order(customer: dict[str, Any]) -> None:
    mine = order(customer)
    holder = begun(mine)

    first, second, third = (holder.answer("000000") for _ in range(3))

    assert [(a.status, a.json["code"], a.json["attempts_left"]) for a in (first, second)] == [
        (400, "WRONG_OTP", 2),
        (400, "WRONG_OTP", 1),
    ]
    assert (third.status, third.json["status"]) == (200, "failed")
    assert shown(holder.id)["error_code"] == "AUTHENTICATION_FAILED"
    assert order_status(mine) == "active"


def test_a_code_that_is_asked_for_and_missing_is_a_400_and_uses_no_try(customer: dict[str, Any]) -> None:
    holder = begun(order(customer))

    assert holder.answer(None).status == 400
    assert holder.answer("000000").json["attempts_left"] == 2


def test_after_a_decline_another_card_pays_the_same_order_at_once(edge: Edge, customer: dict[str, Any]) -> None:
    mine = order(customer)
    first = begun(mine, DECLINED_CARD)
    first.answer(None)

    second = begun(mine, PLAIN_CARD)
    second.answer(None)

    assert [shown(holder.id)["status"] for holder in (first, second)] == ["failed", "success"]
    third = pay(mine)
    assert (third.status, third.json["message"]) == (400, "The order has already been paid")
    assert events(edge, mine) == [EventType.ORDER_PAID]


def test_while_one_is_under_way_no_other_begins_and_the_refusal_names_it(customer: dict[str, Any]) -> None:
    mine = order(customer)
    holder = begun(mine)

    refused = pay(mine, PLAIN_CARD)

    assert (refused.status, refused.json["message"]) == (400, "The order has an existing in progress payment")
    assert refused.json["payment_id"] == holder.id


def test_of_two_that_saw_the_order_free_one_begins(edge: Edge, orders: FakeOrders, customer: dict[str, Any]) -> None:
    mine = order(customer)
    winners: list[str] = []
    orders.meanwhile(lambda: winners.append(begun(mine).id))

    refused = pay(mine)

    assert (refused.status, refused.json["payment_id"]) == (400, winners[0])
    assert [payment.id for payment in edge.world.payments.all()] == winners


def test_an_expired_order_takes_no_payment(edge: Edge, customer: dict[str, Any]) -> None:
    mine = order(customer, expires_at="2026-03-02T13:00:00Z")
    edge.world.now.advance(hours=1)

    refused = pay(mine)

    assert (refused.status, refused.json["message"]) == (400, "The order has expired")


def test_the_twenty_first_try_is_a_429(customer: dict[str, Any]) -> None:
    mine = order(customer)
    for _ in range(20):
        begun(mine, DECLINED_CARD).answer(None)

    refused = pay(mine)

    assert (refused.status, list(refused.json)) == (429, ["message"])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"number": REAL_CARD}, "INVALID_CARD_NUMBER"),
        ({"number": "1"}, "INVALID_CARD_NUMBER"),
        ({"number": "not a number"}, "INVALID_CARD_NUMBER"),
        ({"number": "4" * 65}, "INVALID_CARD_NUMBER"),
        ({"number": int(OTP_CARD)}, "INVALID_CARD_NUMBER"),
        ({"number": None}, "INVALID_CARD_NUMBER"),
        ({"expiry_month": "13"}, "INVALID_CARD_EXPIRY_DATE"),
        ({"expiry_month": "0"}, "INVALID_CARD_EXPIRY_DATE"),
        ({"expiry_month": "Sep"}, "INVALID_CARD_EXPIRY_DATE"),
        ({"expiry_month": "009"}, "INVALID_CARD_EXPIRY_DATE"),
        ({"expiry_month": "9" * 9}, "INVALID_CARD_EXPIRY_DATE"),
        ({"expiry_month": None}, "INVALID_CARD_EXPIRY_DATE"),
        ({"expiry_month": True}, "INVALID_CARD_EXPIRY_DATE"),
        ({"expiry_year": "20x0"}, "INVALID_CARD_EXPIRY_DATE"),
        ({"expiry_year": "203"}, "INVALID_CARD_EXPIRY_DATE"),
        ({"expiry_year": "0030"}, "INVALID_CARD_EXPIRY_DATE"),
        ({"expiry_year": 3}, "INVALID_CARD_EXPIRY_DATE"),
        ({"expiry_year": "2026", "expiry_month": "02"}, "CARD_EXPIRED"),
        ({"expiry_year": 2020}, "CARD_EXPIRED"),
        ({"cvv": "12"}, "INVALID_CARD_CVV"),
        ({"cvv": "12345"}, "INVALID_CARD_CVV"),
        ({"cvv": "12a"}, "INVALID_CARD_CVV"),
        ({"cvv": 123}, "INVALID_CARD_CVV"),
        ({"cvv": "1" * 17}, "INVALID_CARD_CVV"),
    ],
    ids=str,
)
def test_a_bad_card_is_a_400_with_its_code_and_never_comes_back(
    edge: Edge, customer: dict[str, Any], changed: dict[str, Any], code: str
) -> None:
    mine = order(customer)

    answer = pay(mine, card=card(**changed))

    assert (answer.status, answer.json["code"]) == (400, code), answer.text
    assert OTP_CARD not in answer.text
    assert REAL_CARD not in answer.text
    assert edge.world.payments.all() == []
    assert pay(mine).status == 201


@pytest.mark.parametrize("number", [REAL_CARD, "1", "4" * 65])
def test_a_number_that_is_on_no_list_is_refused_in_the_known_words(customer: dict[str, Any], number: str) -> None:
    assert pay(order(customer), number).json["message"] == "Card is not a valid test card"


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("number", "INVALID_CARD_NUMBER"),
        ("expiry_month", "INVALID_CARD_EXPIRY_DATE"),
        ("expiry_year", "INVALID_CARD_EXPIRY_DATE"),
        ("cvv", "INVALID_CARD_CVV"),
    ],
)
def test_what_is_missing_of_a_card_has_the_code_of_what_is_wrong_with_it(
    customer: dict[str, Any], field: str, code: str
) -> None:
    whole = card()
    del whole[field]

    answer = pay(order(customer), card=whole)

    assert (answer.status, answer.json["code"]) == (400, code)
    assert answer.json["message"] == f"card.{field}: is missing"


@pytest.mark.parametrize(
    "card_fields",
    [
        {"expiry_month": "9", "expiry_year": "30"},
        {"expiry_month": 9, "expiry_year": 2030},
        {"number": "4111 1111 1111 1111"},
    ],
    ids=str,
)
def test_a_card_may_be_written_in_every_usual_way(customer: dict[str, Any], card_fields: dict[str, Any]) -> None:
    assert pay(order(customer), card=card(**card_fields)).status == 201


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "bank_transfer"}, {"method": None}, {"card": None}, {"card": "4111111111111111"}, {"card": {}},
        {"card": card(holder_name="")}, {"card": card() | {"number": int(OTP_CARD)}},
        {"card": card(cvv=123)}, {"card": card(expiry_month=True)}, {"card": card(expiry_month=9.0)},
        {"callback_url": None}, {"callback_url": "http://shop.example/"}, {"callback_url": "javascript:alert(1)"},
        {"callback_url": "https://user@shop.example/"}, {"callback_url": "https://shop.example/" + "x" * 2048},
        {"callback_url": "https://shop.example/?status=paid"}, {"callback_url": "https://shop.example/?%73tatus=1"},
        {"callback_url": "https://shop.example/?status[]=1"}, {"callback_url": "https://shop.example/?order_id%5Bx%5D"},
        {"callback_url": f"https://shop.example/{OTP_CARD}"}, {"notes": {"a b": "c"}}, {"request_id": ""},
        {"amount": 999}, {"amount": "1000"}, {"currency": "EUR"}, {"subscription_id": "sub_1"},
        {"order_id": "payt_1"}, {"order_id": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_field_is_a_400_and_begins_nothing(
    edge: Edge, customer: dict[str, Any], changed: dict[str, Any]
) -> None:
    answer = pay(order(customer), **changed)

    assert answer.status == 400, answer.text
    assert OTP_CARD not in answer.text
    assert edge.world.payments.all() == []


@pytest.mark.parametrize("said", [{}, {"order_id": None}], ids=str)
def test_who_pays_a_subscription_is_told_of_the_subscription_and_not_of_an_order(
    edge: Edge, said: dict[str, Any]
) -> None:
    whole = {"subscription_id": "sub_1", "method": "card", "card": card(), "callback_url": CALLBACK}

    answer = ask(create, whole | said, key=SECRET)

    assert (answer.status, answer.json["message"]) == (400, "Subscriptions are not enabled for this business")
    assert edge.world.payments.all() == []


def test_who_names_neither_an_order_nor_a_subscription_is_told_of_the_order(edge: Edge) -> None:
    answer = ask(create, {"method": "card", "card": card(), "callback_url": CALLBACK}, key=SECRET)

    assert (answer.status, answer.json["message"]) == (400, "order_id: is missing")


def test_amount_and_currency_may_be_sent_when_they_are_the_orders(customer: dict[str, Any]) -> None:
    assert pay(order(customer), amount=1000, currency="USD").status == 201


def test_a_request_id_names_one_payment_and_finds_it(customer: dict[str, Any]) -> None:
    first = begun(order(customer), PLAIN_CARD, request_id="pay-1")
    first.answer(None)
    other = order(customer)

    again = pay(other, request_id="pay-1")

    assert (again.status, again.json["message"]) == (400, "Payment already exists for this request_id")
    assert pay(other).status == 201
    found = ask(listed, key=SECRET, query={"request_id": "pay-1"}).json
    assert ([one["id"] for one in found["data"]], found["page_meta"]["count"]) == ([first.id], 1)


def test_payments_are_listed_and_narrowed(edge: Edge, customer: dict[str, Any]) -> None:
    one, two = order(customer), order(customer, currency="EUR")
    paid = begun(one, PLAIN_CARD)
    paid.answer(None)
    edge.world.now.advance(seconds=1)
    waits = begun(two)

    def found(**query: str) -> list[str]:
        answer = ask(listed, key=SECRET, query=query)
        assert answer.status == 200, answer.text
        return [payment["id"] for payment in answer.json["data"]]

    assert found() == [waits.id, paid.id]
    assert found(status="success") == found(payin_id=one) == found(currency="usd") == [paid.id]
    assert found(status="in_progress", customer_id=customer["id"], payment_type="orders") == [waits.id]
    assert found(payment_type="payment_link") == found(status="action_required") == found(status="failed") == []
    assert found(request_id="nobody") == found(subscription_id="sub_1") == []


@pytest.mark.parametrize(
    "query",
    [{"status": "paid"}, {"payment_type": "invoice"}, {"customer_id": "1"}, {"payin_id": "payt_1"}, {"page": "0"},
     {"payin_id": "order_1", "subscription_id": "sub_1"}, {"currency": "12"}, {"currency": "XXX"}, {"currency": ""},
     {"status": "action_required", "customer_id": "1"}, {"status": "action_required", "currency": "XXX"},
     {"subscription_id": "sub_1", "status": "paid"}, {"subscription_id": "sub_1", "currency": "XXX"}],
    ids=str,
)  # fmt: skip
def test_a_bad_filter_is_a_400(customer: dict[str, Any], query: dict[str, str]) -> None:
    assert ask(listed, key=SECRET, query=query).status == 400


def test_whose_payment_it_is_decides_who_reads_and_ends_it(customer: dict[str, Any]) -> None:
    holder = begun(order(customer))

    for endpoint in (read, cancel):
        assert ask(endpoint, key=PUBLISHABLE, path={"id": holder.id}).status == 401
        assert ask(endpoint, key=OTHER_SHOP, path={"id": holder.id}).status == 404
        assert ask(endpoint, key=LIVE, path={"id": holder.id}).status == 404
        assert ask(endpoint, key=SECRET, path={"id": "TXN_20260302_AAAAAAAAAAAAAAAA"}).status == 400
        assert ask(endpoint, key=SECRET, path={"id": "payt_nobodyatall12345"}).status == 404
    assert pay(holder.reply["order_id"], key=OTHER_SHOP).status == 404


def test_the_merchant_ends_what_nobody_completes_and_the_order_is_free(edge: Edge, customer: dict[str, Any]) -> None:
    mine = order(customer)
    holder = begun(mine)

    ended = ask(cancel, key=SECRET, path={"id": holder.id})

    assert (ended.status, ended.json["status"], ended.json["error_code"]) == (200, "failed", "PAYMENT_CANCELLED")
    assert holder.answer().json["status"] == "failed"
    assert captured(edge, holder.id) == 0
    again = ask(cancel, key=SECRET, path={"id": holder.id})
    assert again.status == 400
    assert pay(mine).status == 201


def test_the_customer_gives_up_once_and_what_was_paid_stays_paid(edge: Edge, customer: dict[str, Any]) -> None:
    given_up, paid = begun(order(customer)), begun(order(customer), PLAIN_CARD)
    paid.answer(None)

    left, too_late = given_up.leave(), paid.leave()

    assert (left.status, left.json["status"]) == (200, "failed")
    assert told(left.json["redirect_url"])["error"] == "The payment was cancelled."
    assert (too_late.status, too_late.json["status"]) == (200, "success")
    assert captured(edge, paid.id) == 1000


def test_what_nobody_completes_ends_by_itself_and_frees_its_order(edge: Edge, customer: dict[str, Any]) -> None:
    mine = order(customer)
    holder = begun(mine)
    edge.world.now.advance(minutes=31)

    sweep(10, world=edge.world)

    assert shown(holder.id)["error_code"] == "PAYMENT_EXPIRED"
    assert pay(mine, PLAIN_CARD).status == 201


def test_a_try_whose_time_is_up_keeps_nobody_from_the_next_one(edge: Edge, customer: dict[str, Any]) -> None:
    """A shop that offers another card after half an hour need not wait for housekeeping."""
    mine = order(customer)
    forgotten = begun(mine)
    edge.world.now.advance(seconds=1799)
    assert pay(mine).json["message"] == "The order has an existing in progress payment"
    edge.world.now.advance(seconds=2)

    following = begun(mine, PLAIN_CARD)

    assert shown(forgotten.id)["error_code"] == "PAYMENT_EXPIRED"
    assert forgotten.answer().json["status"] == "failed"
    assert following.answer(None).json["status"] == "success"
    assert captured(edge, forgotten.id) == 0
    assert order_status(mine) == "paid"


def test_a_try_that_may_have_been_charged_is_asked_about_before_the_next_one(
    edge: Edge, customer: dict[str, Any]
) -> None:
    mine = order(customer)
    lost = begun(mine, "4000000000000119")
    assert lost.answer(None).status == 202  # charged, and nobody was told
    edge.world.now.advance(seconds=1801)

    assert pay(mine).json["message"] == "The order has an existing in progress payment"
    assert captured(edge, lost.id) == 1000
    for _ in range(2):
        sweep(10, world=edge.world)
        edge.world.now.advance(minutes=1)

    assert (captured(edge, lost.id), shown(lost.id)["error_code"]) == (0, "PAYMENT_EXPIRED")
    assert pay(mine).status == 201


def test_an_answer_after_the_end_charges_nothing_and_leads_back(edge: Edge, customer: dict[str, Any]) -> None:
    holder = begun(order(customer))
    edge.world.now.advance(minutes=31)

    late = holder.answer()

    assert (late.status, late.json["status"]) == (200, "failed")
    assert captured(edge, holder.id) == 0


def test_a_charge_whose_answer_is_lost_is_asked_about_and_pays_once(edge: Edge, customer: dict[str, Any]) -> None:
    mine = order(customer)
    holder = begun(mine, "4000000000000119")

    lost = holder.answer(None)
    edge.world.now.advance(minutes=2)
    sweep(10, world=edge.world)
    edge.world.now.advance(hours=1)
    sweep_orders(10, world=edge.world, orders=core.orders())

    assert lost.status in (200, 202)
    assert captured(edge, holder.id) == 1000
    assert (shown(holder.id)["status"], order_status(mine)) == ("success", "paid")
    assert events(edge, mine) == [EventType.ORDER_PAID]


def test_reading_the_page_moves_nothing(edge: Edge, customer: dict[str, Any]) -> None:
    holder = begun(order(customer), PLAIN_CARD)

    views = [holder.look().json for _ in range(2)]

    assert views[0] == views[1] == {
        "payment_id": holder.id, "status": "pending", "redirect_url": None, "challenge": "none", "amount": 1000,
        "currency": "USD", "amount_text": "10.00", "merchant_name": "Shop", "brand": None, "bank_url": None,
        "card": {"card_network": "Visa", "end_digits": "1111"}, "expires_in": 1800, "test_mode": True, "language": "",
    }  # fmt: skip
    assert captured(edge, holder.id) == 0


def test_only_the_payments_own_token_opens_its_page(customer: dict[str, Any]) -> None:
    mine, other = begun(order(customer)), begun(order(customer))
    forged = base64.urlsafe_b64encode(json.dumps({"secret": f"{mine.id}_secret_AAAA"}).encode()).decode().rstrip("=")

    for token in (other.token, forged, SECRET, "ey", "x" * 500, mine.token[:-6], "ey" + "[" * 300):
        for answer in (mine.look(token), mine.answer(token=token)):
            assert (answer.status, list(answer.json)) == (401, ["message"]), token
    assert mine.look().json["status"] == "pending"


def test_no_other_card_can_be_slipped_in(edge: Edge, customer: dict[str, Any]) -> None:
    holder = begun(order(customer))
    page = core.payments().get(PaymentId(holder.id)).page_id

    assert ask(card_page, path={"paymentID": page}).status == 409
    view = ask(transaction, key=SECRET, path={"transactionId": holder.id}).json
    assert not {"redirectUrl", "checkoutUrl"} & view.keys()


def test_a_payment_made_here_is_a_payment_there_and_not_the_other_way_round(customer: dict[str, Any]) -> None:
    holder = begun(order(customer), PLAIN_CARD)
    holder.answer(None)

    view = ask(transaction, key=SECRET, path={"transactionId": holder.id}).json

    assert (view["status"], view["totalAmount"], view["currency"]) == ("SUCCESS", 10.0, "USD")
    assert "signature" not in json.dumps(view)


def test_a_live_key_needs_the_operators_word_for_cards(customer: dict[str, Any]) -> None:
    refused = pay(order(customer), key=LIVE)

    assert (refused.status, refused.json["message"]) == (
        403,
        "Server-to-server payments are not enabled for this business",
    )
