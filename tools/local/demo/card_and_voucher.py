"""The demo's scene of the main job: held, part by voucher, the rest captured, told, books compared."""

from __future__ import annotations

import json
import secrets
from typing import Any

import click
import stripe

from tools.local.demo.stage import CARD, Demo
from tools.testing.receiver import Receiver


def scene(demo: Demo, receiver: Receiver) -> None:
    """150.00: 50.00 by voucher, 100.00 captured, the rest of the hold released."""
    otp = f"V5000-{secrets.token_hex(4)}"
    demo.step("1. The shop creates a payment of 150.00")
    body = {"amount": 150.00, "description": "Order 12345", "notifyUrl": receiver.url}
    payment = demo.call("POST", "/api/payment/init", body)
    page, transaction = payment["igfs"]["paymentId"], payment["transactionId"]
    click.echo(f"  transaction {transaction}\n  card page   {payment['redirectUrl']}")

    demo.step("2. The customer enters a card: the whole amount is held")
    answer = demo.call("POST", f"/sandbox/card-page/{page}", CARD, key=None)
    demo.check("the card", answer["outcome"], "APPROVED")
    seen = demo.call("GET", f"/api/payment/transaction/{transaction}")
    demo.check("status", seen["status"], "CARD_PREAUTH_SUCCESS")
    demo.check("held", seen["cardGateway"]["preauthorizedAmount"], 150.0)

    demo.step(f"3. The customer pays 50.00 with voucher {otp}")
    choice = {"choice": "VOUCHERS", "vouchers": [{"otp": otp}]}
    demo.call("POST", f"/api/payment/voucher-choice/{transaction}", choice, key=payment["clientSecret"])
    seen = demo.until(
        "the payment",
        lambda: demo.read(f"/api/payment/transaction/{transaction}"),
        lambda payment: payment["status"] not in ("PROCESSING", "CARD_PREAUTH_SUCCESS"),
    )
    demo.check("status", seen["status"], "SUCCESS")
    wanted = {"cardAmount": 100.0, "voucherAmount": 50.0, "paymentMethod": "CARD_AND_VOUCHER"}
    demo.check("breakdown", seen["breakdown"], wanted)

    _webhook(demo, receiver, transaction)
    _timeline(demo, seen)
    _books(demo, page, otp)


def _webhook(demo: Demo, receiver: Receiver, transaction: str) -> None:
    demo.step("4. The shop's server receives the signed webhook, verified with the stripe library")
    types = lambda: [json.loads(hook.body)["type"] for hook in list(receiver.arrived)]  # noqa: E731
    demo.until("the webhook", types, lambda seen: "payment_intent.succeeded" in seen)
    hook = next(h for h in receiver.arrived if json.loads(h.body)["type"] == "payment_intent.succeeded")
    event = stripe.Webhook.construct_event(hook.body, hook.headers["stripe-signature"], demo.webhook_secret)
    paid = event["data"]["object"]
    demo.check("signature and type", event["type"], "payment_intent.succeeded")
    demo.check("transaction", paid["transactionId"], transaction)
    demo.check("card + voucher", (paid["cardAmount"], paid["voucherAmount"]), (100.0, 50.0))
    demo.check("the flat fields are at the root too", json.loads(hook.body)["status"], "SUCCESS")


def _timeline(demo: Demo, seen: dict[str, Any]) -> None:
    demo.step("5. The timeline")
    for operation in seen["operations"]:
        amount = "" if operation["amount"] is None else f"{operation['amount']:.2f}"
        click.echo(f"  {operation['startedAt']}  {operation['operation']:<17}{amount:>8}  {operation['state']}")


def _books(demo: Demo, page: str, otp: str) -> None:
    demo.step("6. The sandbox's own books beside ours")
    book = demo.call("GET", f"/api/sandbox/payments/{page}")
    voucher = demo.call("GET", f"/api/sandbox/vouchers/{otp}")
    demo.check(
        "authorised, captured, released",
        (book["authorised"], book["captured"], book["released"]),
        (150.0, 100.0, 50.0),
    )
    demo.check("card gateway received", [call["operation"] for call in book["calls"]], ["PREAUTH", "CAPTURE"])
    demo.check("voucher spent, given back", (voucher["spent"], voucher["reversed"]), (50.0, 0.0))
    demo.check(
        "voucher provider received", [call["operation"] for call in voucher["calls"]], ["VALIDATE", "SPEND", "NOTIFY"]
    )
