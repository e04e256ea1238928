"""Saved cards over HTTP: the guide's replies key by key, races, and whose cards they are."""

from __future__ import annotations

import secrets
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest

from tests.client import PUBLISHABLE_KEY, VISA, Client, until

CARDS = "/api/token-payment/cards"
MASTERCARD = "5555555555554444"
LATER_REFUSED = "4000000000000341"
ANSWER_LOST = "4000000000000119"


@pytest.fixture
def customer() -> str:
    return f"cust_{secrets.token_hex(6)}"


def tokenized(client: Client, number: str = VISA, **more: object) -> dict[str, Any]:
    payment = client.init(20.00, paymentMode="SALE_WITH_TOKENIZATION", **more)
    client.card(payment, number)
    return payment


def save(client: Client, customer: str, number: str = VISA) -> dict[str, Any]:
    payment = tokenized(client, number)
    body = {"transactionId": payment["transactionId"], "customerId": customer}
    reply = client.call("POST", "/api/token-payment/save-card", body)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def pay(client: Client, card: dict[str, Any], customer: str, amount: float = 50.00, **headers: str) -> Any:
    body = {
        "cardId": card["cardId"],
        "amount": amount,
        "customerId": customer,
        "customerEmail": "customer@example.com",
        "description": "Subscription renewal",
    }
    return client.call("POST", "/api/token-payment/pay", body, **headers)


def listed(client: Client, customer: str) -> list[dict[str, Any]]:
    found = client.get(f"{CARDS}?customerId={customer}")
    assert (found["success"], found["customerId"], found["count"]) == (True, customer, len(found["cards"]))
    return list(found["cards"])


def book(client: Client, paid: dict[str, Any]) -> dict[str, Any]:
    return client.get(f"/api/sandbox/payments/{paid['paymentId']}")


def told(client: Client, paid: dict[str, Any]) -> list[str]:
    """The types of all events about a payment, in order."""
    types: list[str] = []
    after, more = "", True
    while more:
        page = client.get(f"/api/merchant/events?limit=100&after={after}")
        types += [event["type"] for event in page["events"] if event["subject"] == paid["transactionId"]]
        after, more = page["events"][-1]["id"] if page["events"] else after, page["hasMore"]
    return types


def test_a_card_is_saved_listed_and_charged_as_the_guide_prints_it(client: Client, customer: str) -> None:
    saved = save(client, customer)
    number = saved["cardId"]
    assert saved == {
        "success": True,
        "cardId": number,
        "alias": "VISA ****4242",
        "brand": "VISA",
        "last4": "4242",
        "isDefault": True,
    }
    assert isinstance(number, int)

    paid = pay(client, saved, customer).json()
    assert paid["transactionId"].startswith("TKN_")
    assert len(paid["transactionId"]) == len("TKN_ABC123DEF456")
    wanted = {"success": True, "gateway": "sandbox", "status": "COMPLETED", "cardAlias": "VISA ****4242"}
    assert {name: paid[name] for name in wanted} == wanted
    assert paid["amount"] == 50.0
    assert (book(client, paid)["captured"], len(book(client, paid)["calls"])) == (50.0, 1)

    (card,) = listed(client, customer)
    last_used = card.pop("lastUsedAt")
    assert datetime.fromisoformat(last_used).tzinfo is None
    assert card == {
        "id": number,
        "alias": "VISA ****4242",
        "brand": "VISA",
        "last4": "4242",
        "expiry": "12/30",
        "expired": False,
        "gateway": "sandbox",
        "isDefault": True,
        "usageCount": 1,
    }


def test_a_charge_is_a_payment_like_any_other(client: Client, customer: str) -> None:
    paid = pay(client, save(client, customer), customer).json()

    seen = client.transaction(paid)
    assert (seen["status"], seen["capturedAmount"], seen["customerId"]) == ("SUCCESS", 50.0, customer)
    assert [op["operation"] for op in seen["operations"]] == ["SALE"]
    refund = client.call("POST", f"/api/payment/refund/{paid['transactionId']}", {"amount": 20.00})
    assert (refund.status_code, refund.json()["status"]) == (200, "PARTIALLY_REFUNDED")
    assert book(client, paid)["refunded"] == 20.0
    types = until(lambda: told(client, paid), lambda types: len(types) >= 3)
    assert types == ["payment_intent.succeeded", "checkout.session.completed", "charge.refunded"]


def test_a_declined_charge_says_so(client: Client, customer: str) -> None:
    saved = save(client, customer, LATER_REFUSED)
    reply = pay(client, saved, customer)

    body = reply.json()
    assert reply.status_code == 402
    assert (body["success"], body["status"], body["error"]) == (False, "FAILED", "Card declined")
    assert body["message"] == body["error"]
    assert client.transaction(body)["status"] == "FAILED"
    assert listed(client, customer)[0]["usageCount"] == 0


def test_a_charge_whose_answer_was_lost_is_pending_and_then_known(client: Client, customer: str) -> None:
    saved = save(client, customer, ANSWER_LOST)
    first = pay(client, saved, customer, Idempotency_Key=f"lost-{customer}")
    assert (first.status_code, first.json()["status"], first.json()["outcome"]) == (202, "PENDING", "unknown")

    second = pay(client, saved, customer, Idempotency_Key=f"lost-{customer}")
    assert (second.status_code, second.json()["status"]) == (200, "COMPLETED")
    assert second.json()["transactionId"] == first.json()["transactionId"]
    calls = book(client, second.json())["calls"]
    assert [call["operation"] for call in calls] == ["SALE"]
    assert listed(client, customer)[0]["usageCount"] == 1


def test_ten_calls_with_one_idempotency_key_charge_once(client: Client, customer: str) -> None:
    saved = save(client, customer)
    with ThreadPoolExecutor(10) as calls:
        replies = list(
            calls.map(lambda _: pay(Client(client.base_url), saved, customer, Idempotency_Key=customer), range(10))
        )

    assert {reply.status_code for reply in replies} <= {200, 409}
    assert len({reply.json()["transactionId"] for reply in replies if reply.status_code == 200}) == 1
    assert listed(client, customer)[0]["usageCount"] == 1


def test_charges_at_the_same_time_are_all_counted(client: Client, customer: str) -> None:
    saved = save(client, customer)
    with ThreadPoolExecutor(8) as calls:
        replies = list(calls.map(lambda _: pay(Client(client.base_url), saved, customer), range(8)))

    assert [reply.status_code for reply in replies] == [200] * 8
    assert listed(client, customer)[0]["usageCount"] == 8


def test_twenty_who_set_the_default_at_once_leave_exactly_one(client: Client, customer: str) -> None:
    numbers = [save(client, customer, number)["cardId"] for number in (VISA, MASTERCARD)]

    def set_default(n: int) -> int:
        path = f"{CARDS}/{numbers[n % 2]}/set-default?customerId={customer}"
        return Client(client.base_url).call("POST", path).status_code

    with ThreadPoolExecutor(20) as calls:
        assert list(calls.map(set_default, range(20))) == [200] * 20
    assert Counter(card["isDefault"] for card in listed(client, customer)) == {True: 1, False: 1}


def test_the_default_is_set_as_the_guide_prints_it(client: Client, customer: str) -> None:
    save(client, customer)
    other = save(client, customer, MASTERCARD)
    assert other["isDefault"] is False

    reply = client.call("POST", f"{CARDS}/{other['cardId']}/set-default?customerId={customer}")
    wanted = {"success": True, "cardId": other["cardId"], "alias": "MASTERCARD ****4444", "isDefault": True}
    assert (reply.status_code, reply.json()) == (200, wanted)
    assert [card["isDefault"] for card in listed(client, customer)] == [False, True]


def test_one_card_saved_from_two_payments_is_one_card(client: Client, customer: str) -> None:
    first, second = save(client, customer), save(client, customer)

    assert first["cardId"] == second["cardId"]
    assert len(listed(client, customer)) == 1
    assert pay(client, second, customer).status_code == 200


def test_customers_who_save_at_once_get_numbers_of_their_own(client: Client) -> None:
    customers = [f"cust_{secrets.token_hex(6)}" for _ in range(8)]
    payments = [tokenized(client) for _ in customers]

    def keep(pair: tuple[str, dict[str, Any]]) -> Any:
        body = {"transactionId": pair[1]["transactionId"], "customerId": pair[0]}
        return Client(client.base_url).call("POST", "/api/token-payment/save-card", body)

    with ThreadPoolExecutor(8) as calls:
        replies = list(calls.map(keep, zip(customers, payments, strict=True)))
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.json()["cardId"] for reply in replies}) == 8


def test_a_deleted_card_is_gone_here_and_at_the_gateway(client: Client, customer: str) -> None:
    payment = tokenized(client)
    body = {"transactionId": payment["transactionId"], "customerId": customer}
    saved = client.call("POST", "/api/token-payment/save-card", body).json()
    reply = client.call("DELETE", f"{CARDS}/{saved['cardId']}")

    assert (reply.status_code, reply.json()) == (200, {"success": True, "message": "Card deleted successfully"})
    assert listed(client, customer) == []
    assert pay(client, saved, customer).status_code == 404
    assert client.call("DELETE", f"{CARDS}/{saved['cardId']}").status_code == 404
    assert client.book(payment)["calls"][-1]["operation"] == "DELETE_TOKEN"
    again = client.call("POST", "/api/token-payment/save-card", body)
    assert again.status_code in (409, 422), again.text


def test_the_guides_request_is_answered_in_the_name_it_asks_for(client: Client, customer: str) -> None:
    payment = client.init(20.00, paymentMode="SALE_WITH_TOKENIZATION")
    client.card(payment)
    body = {"transactionId": payment["transactionId"], "customerId": customer, "gateway": "IGFS"}
    saved = client.call("POST", "/api/token-payment/save-card", body).json()
    paid = pay(client, saved, customer).json()

    assert paid["gateway"] == "IGFS"
    assert [card["gateway"] for card in listed(client, customer)] == ["IGFS"]


@pytest.mark.parametrize(
    ("mode", "changes", "status", "code"),
    [
        ("SALE_DIRECT", {}, 422, "not_tokenized"),
        ("SALE_WITH_TOKENIZATION", {"gateway": "ADYEN"}, 400, "another_gateway"),
        ("SALE_WITH_TOKENIZATION", {"customerId": ""}, 400, "invalid_request"),
        ("SALE_WITH_TOKENIZATION", {"customerId": None}, 400, "invalid_request"),
        ("SALE_WITH_TOKENIZATION", {"transactionId": "TXN_20250101_AAAAAAAAAAAAAAAA"}, 404, "not_found"),
    ],
)
def test_a_card_that_cannot_be_saved_is_refused(
    client: Client, customer: str, mode: str, changes: dict[str, Any], status: int, code: str
) -> None:
    payment = client.init(20.00, paymentMode=mode)
    client.card(payment)
    body = {"transactionId": payment["transactionId"], "customerId": customer, "gateway": "sandbox"} | changes
    reply = client.call("POST", "/api/token-payment/save-card", body)

    assert (reply.status_code, reply.json()["code"]) == (status, code)


def test_a_card_is_saved_only_once_its_payment_succeeded(client: Client, customer: str) -> None:
    payment = client.init(20.00, paymentMode="SALE_WITH_TOKENIZATION")
    body = {"transactionId": payment["transactionId"], "customerId": customer}

    assert client.call("POST", "/api/token-payment/save-card", body).status_code == 409


def test_a_payment_made_for_one_customer_saves_its_card_for_no_other(client: Client, customer: str) -> None:
    for payment in (tokenized(client, customerId=customer), tokenized(client)):
        mine = {"transactionId": payment["transactionId"], "customerId": customer}
        assert client.call("POST", "/api/token-payment/save-card", mine).status_code == 200
        reply = client.call("POST", "/api/token-payment/save-card", mine | {"customerId": "somebody else"})
        assert (reply.status_code, reply.json()["code"]) == (400, "another_customer")


@pytest.mark.parametrize(
    "wrong",
    [{"amount": 0}, {"amount": 1.005}, {"cardId": "1"}, {"cardId": 0}, {"customerId": ""}, {"currency": "XXX"}],
)
def test_a_charge_that_makes_no_sense_is_refused(client: Client, customer: str, wrong: dict[str, Any]) -> None:
    body = {"cardId": save(client, customer)["cardId"], "amount": 5, "customerId": customer} | wrong
    reply = client.call("POST", "/api/token-payment/pay", body)

    assert (reply.status_code, reply.json()["success"]) == (400, False)


def test_nobody_else_sees_or_uses_a_card(client: Client, customer: str) -> None:
    saved = save(client, customer)
    path = f"{CARDS}/{saved['cardId']}"

    assert pay(client, saved, "somebody else").status_code == 404
    assert client.call("POST", f"{path}/set-default?customerId=somebody").status_code == 404
    assert client.call("DELETE", f"{path}?customerId=somebody").status_code == 404
    assert client.get(f"{CARDS}?customerId=somebody")["cards"] == []
    for method, address in (("GET", f"{CARDS}?customerId={customer}"), ("DELETE", path)):
        assert client.using(PUBLISHABLE_KEY).call(method, address).status_code == 403
        assert client.using(None).call(method, address).status_code == 401
    assert client.call("GET", CARDS).status_code == 400
    assert client.call("DELETE", f"{CARDS}/nonsense").status_code == 404
    assert len(listed(client, customer)) == 1
