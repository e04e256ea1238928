"""What a merchant reads and does on one payment: who gave what back, what was told of it, its receipt again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.domain.ids import fingerprint
from tests.client import PUBLISHABLE_KEY, SECRET_KEY, Client, until, voucher
from tests.merchants import onboarded
from tests.receiver import Receiver

BY = f"key {fingerprint(SECRET_KEY)[:8]}"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as open_receiver:
        yield open_receiver


def test_a_refund_says_who_asked_and_what_went_where(client: Client) -> None:
    paid = client.paid(voucher(5000), amount=150)["transactionId"]
    client.call("POST", f"/api/payment/refund/{paid}", {"amount": 120, "reason": "Two did not come"})

    (refund,) = client.get(f"/api/payment/refunds/{paid}")["refunds"]

    assert refund["by"] == BY
    legs = [(leg["tender"], leg["amount"], leg["status"]) for leg in refund["legs"]]
    assert legs == [("card", 100.0, "SUCCEEDED"), ("voucher", 20.0, "SUCCEEDED")]
    assert refund["legs"][1]["serialNumber"]


def test_a_hold_says_who_captured_or_released_it(client: Client) -> None:
    captured, released = client.init(30), client.init(30)
    for payment in (captured, released):
        client.card(payment)
    client.call("POST", f"/api/payment/capture/{captured['transactionId']}", {"amount": 20})
    client.call("POST", f"/api/payment/void/{released['transactionId']}", {})

    assert client.settled(captured, {"SUCCESS"})["settledBy"] == BY
    assert client.settled(released, {"VOIDED"})["settledBy"] == BY
    assert client.transaction(client.paid())["settledBy"] is None


def test_what_was_told_of_a_payment_is_listed_with_it(client: Client, receiver: Receiver) -> None:
    shop = client.using(onboarded(client.base_url).secret)  # which has no endpoint that would be told as well
    paid = shop.paid(notifyUrl=receiver.url("/told"))["transactionId"]
    path = f"/api/merchant/transactions/{paid}/deliveries"

    told = until(
        lambda: shop.get(path)["deliveries"],
        lambda seen: "payment_intent.succeeded" in {d["eventType"] for d in seen if d["status"] == "DELIVERED"},
    )

    assert {each["url"] for each in told} == {receiver.url("/told")}
    # As things happened, newest first: two that happened at nearly the same time may be handed out in either order.
    assert [each["eventId"] for each in told] == sorted((each["eventId"] for each in told), reverse=True)
    other = shop.paid()["transactionId"]
    assert shop.get(f"/api/merchant/transactions/{other}/deliveries")["deliveries"] == []


def test_a_receipt_is_sent_again_five_times_and_no_more(client: Client) -> None:
    paid = client.paid(email="again@example.com")["transactionId"]
    path = f"/api/payment/receipt/{paid}"

    sent = [client.call("POST", path, {}, **{"Idempotency-Key": f"{paid}-{n}"}) for n in range(5)]
    repeated = client.call("POST", path, {}, **{"Idempotency-Key": f"{paid}-4"})
    too_many = client.call("POST", path, {})

    assert [reply.json()["timesSent"] for reply in sent] == [1, 2, 3, 4, 5]
    assert repeated.json()["timesSent"] == 5
    assert too_many.status_code == 429
    messages = until(
        lambda: [m for m in client.get("/api/sandbox/messages?limit=100")["messages"] if paid in m["text"]],
        lambda seen: len(seen) == 6,
    )
    assert {message["to"] for message in messages} == {"again@example.com"}


def test_what_is_not_paid_or_has_no_address_has_no_receipt(client: Client) -> None:
    unpaid, silent = client.init(email="x@example.com")["transactionId"], client.paid()["transactionId"]

    assert client.call("POST", f"/api/payment/receipt/{unpaid}", {}).status_code == 409
    refused = client.call("POST", f"/api/payment/receipt/{silent}", {})
    assert (refused.status_code, refused.json()["code"]) == (400, "no_address")
    assert client.using(PUBLISHABLE_KEY).call("POST", f"/api/payment/receipt/{silent}", {}).status_code == 403
