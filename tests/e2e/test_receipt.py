"""After a success the customer's receipt is there to read, once; in test mode it is captured."""

from __future__ import annotations

from typing import Any

from tests.client import Client, until, voucher


def receipts(client: Client, payment: dict[str, Any]) -> list[dict[str, Any]]:
    return [m for m in client.get("/api/sandbox/messages")["messages"] if payment["id"] in m["text"]]


def test_a_receipt_is_captured_in_the_customers_language(client: Client) -> None:
    payment = client.paid(voucher(5000), email="ada@example.com", language="it", description="Ordine 7")

    (message,) = until(lambda: receipts(client, payment), bool)

    assert (message["kind"], message["channel"], message["to"]) == ("receipt", "email", "ada@example.com")
    assert "Pagato con buoni pasto: EUR 50,00" in message["text"]
    assert "Bottega Demo" in message["subject"]


def test_a_refund_and_a_release_are_told_too(client: Client) -> None:
    refunded = client.paid(email="ada@example.com")
    client.call("POST", f"/api/payment/refund/{refunded['transactionId']}", {"amount": 30.00})
    released = client.init(80.00, email="ada@example.com")
    client.card(released)
    client.call("POST", f"/api/payment/void/{released['transactionId']}", {})

    first, second = until(lambda: receipts(client, refunded), lambda found: len(found) == 2)
    assert {first["kind"], second["kind"]} == {"receipt", "refund"}
    assert all("Contact: help@bottega-demo.example" in message["text"] for message in (first, second))
    assert all("(Europe/Rome, UTC+" in message["text"] for message in (first, second))
    (message,) = until(lambda: receipts(client, released), bool)
    assert message["kind"] == "release"
    assert "Released on your card: EUR 80.00" in message["text"]
