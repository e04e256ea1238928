"""``make demo``: card and voucher, link, saved card, disputes, each step checked. Exit status 1 if one differs."""

from __future__ import annotations

import json
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import click
import requests
import stripe

from local import demo_cards, demo_disputes, demo_links
from local.onboarding import DEMO_SECRET
from local.receiver import Receiver
from local.stack import RUNNING, Gateway, start_gateway

CARD: Final = {
    "number": "4242424242424242",
    "holderName": "Ada Rossi",
    "expiryMonth": 12,
    "expiryYear": 2030,
    "cvv": "123",
}
PATIENCE_SECONDS: Final = 30.0


@dataclass(slots=True)
class Demo:
    """Speaks to a gateway as a shop does, prints each step, and counts what differs."""

    base_url: str
    webhook_secret: str
    differences: int = 0
    session: requests.Session = field(default_factory=requests.Session)

    def call(self, method: str, path: str, body: object = None, *, key: str | None = DEMO_SECRET) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        reply = self.session.request(method, self.base_url + path, json=body, headers=headers, timeout=40)
        click.echo(f"  {method} {path} -> {reply.status_code}")
        return dict(reply.json())

    def read(self, path: str) -> dict[str, Any]:
        """A GET with the merchant's key that is made again and again without a line each."""
        headers = {"Authorization": f"Bearer {DEMO_SECRET}"}
        return dict(self.session.get(self.base_url + path, headers=headers, timeout=30).json())

    def show(self, text: str) -> None:
        click.echo(f"  {text}")

    def step(self, text: str) -> None:
        click.secho(f"\n{text}", bold=True)

    def check(self, what: str, seen: object, wanted: object) -> None:
        """Print one comparison; a difference makes the whole demo fail."""
        same = seen == wanted
        self.differences += not same
        mark = click.style("ok  ", fg="green") if same else click.style("DIFF", fg="red")
        click.echo(f"  {mark} {what}: {seen}" + ("" if same else f" (expected {wanted})"))

    def until(self, what: str, read: Callable[[], Any], done: Callable[[Any], bool]) -> Any:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not done(seen := read()):
            if time.monotonic() > deadline:
                sys.exit(f"{what}: not reached within {PATIENCE_SECONDS:.0f} s; last seen: {seen}")
            time.sleep(0.1)
        return seen


def card_and_voucher(demo: Demo, receiver: Receiver) -> None:
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


def _gateway(port: int) -> tuple[str, str, Gateway | None]:
    """The gateway that runs on ``port``, or one of our own."""
    record = RUNNING / f"{port}.json"
    if record.is_file():
        running = json.loads(record.read_text())
        return f"http://127.0.0.1:{port}/paymentgw", running["webhookSecret"], None
    click.echo("No gateway runs on this port; starting one for the demo ...")
    own = start_gateway(0)
    return own.base_url, own.webhook_secret, own


@click.command()
@click.option("--port", default=8080, show_default=True)
def main(port: int) -> None:
    base_url, webhook_secret, own = _gateway(port)
    receiver = Receiver()
    demo = Demo(base_url, webhook_secret)
    try:
        card_and_voucher(demo, receiver)
        demo_links.scene(demo, CARD)
        demo_cards.scene(demo, CARD)
        demo_disputes.scene(demo, receiver, CARD)
    finally:
        receiver.close()
        if own is not None:
            own.stop()
    if demo.differences:
        sys.exit(f"\n{demo.differences} step(s) differ")
    click.secho("\nEverything as expected.", fg="green", bold=True)


if __name__ == "__main__":
    main()
