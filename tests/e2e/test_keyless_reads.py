"""Whoever knows a page or a link and has no key reads as often as they like, and changes and learns nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.client import Client, voucher

READERS = 4
READS = 250  # by each of them


def reads(client: Client, path: str) -> set[tuple[int, bool, object]]:
    """(status, whether a secret is in it, where it leads) of many keyless reads."""
    reader = Client(client.base_url, None)
    seen: set[tuple[int, bool, object]] = set()
    for _ in range(READS):
        reply = reader.call("GET", path)
        seen.add((reply.status_code, "_secret_" in reply.text, reply.json().get("nextUrl")))
    return seen


def test_after_a_thousand_reads_the_secret_from_init_works_and_refunds_meanwhile_succeed(client: Client) -> None:
    payment = client.paid()
    path = f"/sandbox/card-page/{payment['igfs']['paymentId']}"

    with ThreadPoolExecutor(READERS) as crowd:
        reading = [crowd.submit(reads, client, path) for _ in range(READERS)]
        refund = f"/api/payment/refund/{payment['transactionId']}"
        refunds: list[int] = []
        while len(refunds) < 5 or not all(job.done() for job in reading):
            refunds.append(client.call("POST", refund, {"amount": 0.10}).status_code)

    assert set(refunds) == {200}
    assert set().union(*(job.result() for job in reading)) == {(200, False, None)}
    mine = client.using(payment["clientSecret"]).call("GET", f"/api/payment/transaction/{payment['transactionId']}")
    assert mine.status_code == 200


def test_who_only_knows_the_page_can_neither_choose_nor_cancel_for_the_customer(client: Client) -> None:
    payment = client.init(150.00)
    client.card(payment)
    stranger = client.using(None)
    page = f"/sandbox/card-page/{payment['igfs']['paymentId']}"
    card = {"number": "5555555555554444", "holderName": "Eve", "expiryMonth": 12, "expiryYear": 2030, "cvv": "123"}

    tried = [
        stranger.call("GET", page),
        stranger.call("POST", page, card),
        stranger.call("POST", f"{page}/challenge", {"otp": "123456"}),
        stranger.call("POST", f"{page}/cancel", {}),
    ]

    assert [reply.status_code for reply in tried] == [200, 409, 409, 409]
    assert not [reply.text for reply in tried if "_secret_" in reply.text]
    assert client.transaction(payment)["status"] == "CARD_PREAUTH_SUCCESS"
    assert client.choose(payment, voucher(5000)).status_code == 202
    assert client.settled(payment)["status"] == "SUCCESS"


def test_a_links_later_visitor_is_told_of_the_payment_under_way_and_can_do_nothing_with_it(client: Client) -> None:
    link = client.call("POST", "/api/payment-links/create", {"amount": 50.00}).json()["transactionId"]
    stranger = client.using(None)

    def standing() -> tuple[str, bool]:
        seen: dict[str, Any] = stranger.get(f"/api/payment-links/{link}/public")
        return seen["status"], seen["underWay"]

    def opened() -> str:
        return str(stranger.call("POST", f"/api/payment-links/{link}/open", {}).json()["redirectUrl"])

    assert standing() == ("PENDING", False)
    page = opened().partition("paymentID=")[2]
    client.card({"igfs": {"paymentId": page}}, "4000000000000002")
    assert standing() == ("PENDING", False)
    client.card({"igfs": {"paymentId": page}})
    assert standing() == ("PENDING", True)
    assert "_secret_" not in opened()
    assert stranger.get(f"/sandbox/card-page/{page}")["nextUrl"] is None
