"""Capture, void and refund by the merchant's own calls; sale modes; idempotency."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

from tests.client import Client, voucher


def held(client: Client) -> dict[str, object]:
    payment = client.init()
    client.card(payment)
    return payment


def test_a_smaller_capture_releases_the_rest(client: Client) -> None:
    payment = held(client)

    reply = client.call("POST", f"/api/payment/capture/{payment['id']}", {"amount": 100.00})

    assert (reply.status_code, reply.json()["status"], reply.json()["capturedAmount"]) == (200, "SUCCESS", 100.0)
    assert client.book(payment)["released"] == 50.0


def test_more_than_authorised_is_not_captured(client: Client) -> None:
    payment = held(client)

    reply = client.call("POST", f"/api/payment/capture/{payment['id']}", {"amount": 150.01})

    assert (reply.status_code, reply.json()["code"]) == (400, "amount_too_large")
    assert client.book(payment)["captured"] == 0.0


def test_a_void_releases_the_hold_and_nothing_can_be_captured_after_it(client: Client) -> None:
    payment = held(client)

    reply = client.call("POST", f"/api/payment/void/{payment['id']}", {"reason": "out of stock"})

    assert (reply.status_code, reply.json()["status"], reply.json()["voidedAmount"]) == (200, "VOIDED", 150.0)
    assert client.call("POST", f"/api/payment/capture/{payment['id']}", {}).status_code == 409
    assert client.call("POST", f"/api/payment/refund/{payment['id']}", {}).status_code == 409


def test_a_partial_refund_answers_as_the_guide_says(client: Client) -> None:
    payment = client.paid()

    reply = client.call("POST", f"/api/payment/refund/{payment['id']}", {"amount": 50.00, "reason": "Damaged"}).json()

    assert reply["success"] is True
    assert (reply["refundAmount"], reply["remainingAmount"]) == (50.0, 100.0)
    assert reply["status"] == "PARTIALLY_REFUNDED"
    assert reply["refundedAt"].endswith("Z")
    history = client.get(f"/api/payment/refunds/{payment['id']}")
    assert (history["originalAmount"], history["totalRefunded"], history["remainingAmount"]) == (150.0, 50.0, 100.0)
    assert [(r["amount"], r["reason"], r["status"]) for r in history["refunds"]] == [(50.0, "Damaged", "SUCCESS")]


def test_a_refund_across_tenders_takes_the_card_first(client: Client) -> None:
    otp = voucher(5000)
    payment = client.paid(otp)
    path = f"/api/payment/refund/{payment['id']}"

    preview = client.call("POST", f"{path}?preview=true", {"amount": 120.00}).json()
    reply = client.call("POST", path, {"amount": 120.00}).json()

    assert [(part["tender"], part["amount"]) for part in preview["parts"]] == [("card", 100.0), ("voucher", 20.0)]
    assert (reply["refundAmount"], reply["remainingAmount"]) == (120.0, 30.0)
    assert client.book(payment)["refunded"] == 100.0
    assert client.voucher_book(otp)["reversed"] == 20.0


def test_a_refused_leg_is_told_and_what_was_given_back_stays(client: Client) -> None:
    otp = voucher(5000)
    payment = client.paid(otp, card="4000000000005126")

    reply = client.call("POST", f"/api/payment/refund/{payment['id']}", {}).json()

    assert reply["refundAmount"] == 50.0
    assert [(leg["tender"], leg["amount"]) for leg in reply["refused"]] == [("card", 100.0)]
    assert reply["status"] == "PARTIALLY_REFUNDED"


def test_a_hundred_parallel_refunds_never_exceed_what_was_paid(client: Client) -> None:
    payment = client.paid()

    def refund(_: int) -> int:
        return client.call("POST", f"/api/payment/refund/{payment['id']}", {"amount": 10.00}).status_code

    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(refund, range(100)))

    assert statuses.count(200) == 15
    assert set(statuses) <= {200, 400, 409}
    assert client.book(payment)["refunded"] == statuses.count(200) * 10.0
    assert client.get(f"/api/payment/refunds/{payment['id']}")["totalRefunded"] == statuses.count(200) * 10.0


def test_a_direct_sale_is_final_after_the_card_and_takes_no_voucher(client: Client) -> None:
    payment = client.init(paymentMode="SALE_DIRECT")
    client.card(payment)

    assert client.transaction(payment)["status"] == "SUCCESS"
    assert client.choose(payment, voucher(5000)).status_code == 409
    assert [call["operation"] for call in client.book(payment)["calls"]] == ["SALE"]


def test_the_same_key_creates_one_payment_and_another_body_is_refused(client: Client) -> None:
    key = uuid.uuid4().hex
    body = {"amount": 20.00}

    first = client.call("POST", "/api/payment/init", body, Idempotency_Key=key)
    again = client.call("POST", "/api/payment/init", body, Idempotency_Key=key)
    other = client.call("POST", "/api/payment/init", {"amount": 21.00}, Idempotency_Key=key)

    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_of_a_choice_a_capture_and_a_void_at_once_exactly_one_wins(client: Client) -> None:
    payment = held(client)
    calls = [
        lambda: client.choose(payment, voucher(5000)).status_code,
        lambda: client.choose(payment).status_code,
        lambda: client.call("POST", f"/api/payment/capture/{payment['id']}", {}).status_code,
        lambda: client.call("POST", f"/api/payment/void/{payment['id']}", {}).status_code,
    ]

    with ThreadPoolExecutor(4) as pool:
        statuses = [job.result() for job in [pool.submit(call) for call in calls]]

    assert sorted(statuses)[1:] == [409, 409, 409]
    assert client.settled(payment)["status"] in {"SUCCESS", "VOIDED"}
    book = client.book(payment)
    assert sum(call["operation"] in ("CAPTURE", "VOID") for call in book["calls"]) == 1
