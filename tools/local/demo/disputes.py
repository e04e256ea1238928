"""The demo's scene about disputes: a bank disputes two payments; one is answered and won, one lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import requests
import stripe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.local.demo.stage import Demo
    from tools.testing.receiver import Receiver

DISPUTES: Final = "/api/merchant/disputes"
DISPUTED: Final = "4000000000000259"
PROOF: Final = b"Delivered on 2025-11-03, signed by A. Rossi"


def scene(demo: Demo, receiver: Receiver, card: Mapping[str, object]) -> None:
    """Payments of 50.00 and 30.00 by a card like ``card`` whose bank disputes whatever it has paid."""
    demo.step("13. A customer pays 50.00, then tells the bank: it was not me")
    before = demo.call("GET", f"{DISPUTES}/stats")
    payment, dispute = _disputed(demo, receiver, card, 50.00)
    demo.check("the dispute", (dispute["reasonCode"], dispute["status"]), ("FRAUDULENT", "OPEN"))
    demo.show(f"dispute {dispute['disputeId']}, to be answered within {dispute['daysUntilDeadline']} days")
    refused = demo.call("POST", f"/api/payment/refund/{payment['transactionId']}", {})
    demo.check("a refund of what the bank has taken back", refused["code"], "nothing_to_refund")

    demo.step("14. The merchant uploads the proof of delivery and answers; the bank decides for the merchant")
    answered = _answer(demo, dispute)
    demo.check("status", answered["status"], "UNDER_REVIEW")
    demo.check("the bank", _decide(demo, dispute, "WON"), "WON")

    demo.step("15. Another one, of 30.00, is lost: that money is the customer's now")
    lost_payment, lost = _disputed(demo, receiver, card, 30.00)
    demo.check("the bank", _decide(demo, lost, "LOST"), "LOST")
    _webhooks(demo, receiver, dispute)
    _books(demo, before, payment, lost_payment)


def _disputed(
    demo: Demo, receiver: Receiver, card: Mapping[str, object], amount: float
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A new payment, and the dispute of it as the list shows it."""
    body = {"amount": amount, "paymentMode": "SALE_DIRECT", "notifyUrl": receiver.url}
    payment = demo.call("POST", "/api/payment/init", body)
    page, transaction = payment["igfs"]["paymentId"], payment["transactionId"]
    demo.call("POST", f"/sandbox/card-page/{page}", {**card, "number": DISPUTED}, key=None)

    def of_payment() -> list[dict[str, Any]]:
        found = demo.read(f"{DISPUTES}?status=OPEN")["disputes"]
        return [dispute for dispute in found if dispute["originalTransactionId"] == transaction]

    (dispute,) = demo.until("the dispute", of_payment, bool)
    return payment, dispute


def _answer(demo: Demo, dispute: Mapping[str, Any]) -> dict[str, Any]:
    path = f"{DISPUTES}/{dispute['disputeId']}"
    announced = {"fileName": "delivery.txt", "contentType": "text/plain", "size": len(PROOF)}
    place = demo.call("POST", f"{path}/evidence", announced)
    form = place["upload"]
    uploaded = requests.post(form["url"], data=form["fields"], files={"file": PROOF}, timeout=30)
    demo.check("the file is stored", uploaded.status_code, 204)
    text = "Ordered on 2025-11-01, delivered on 2025-11-03."
    return demo.call("POST", f"{path}/respond", {"response": text, "evidence": [place["evidenceId"]]})


def _decide(demo: Demo, dispute: Mapping[str, Any], to: str) -> str:
    reply = demo.call("POST", f"/api/sandbox/disputes/{dispute['disputeId']}/advance", {"to": to})
    return str(reply["status"])


def _webhooks(demo: Demo, receiver: Receiver, dispute: Mapping[str, Any]) -> None:
    demo.step("16. What the shop's server was told of the first one, each signature verified")

    def told() -> list[Any]:
        hooks = [(json.loads(hook.body), hook) for hook in list(receiver.arrived)]
        return [hook for body, hook in hooks if body["data"]["object"].get("disputeId") == dispute["disputeId"]]

    hooks = demo.until("the webhooks", told, lambda seen: len(seen) >= 3)
    events = {}
    for hook in hooks:  # the same event may come twice, and in any order
        event = stripe.Webhook.construct_event(hook.body, hook.headers["stripe-signature"], demo.webhook_secret)
        events[json.loads(hook.body)["sequence"]] = (event["type"], event["data"]["object"]["status"])
    wanted = ["OPEN", "UNDER_REVIEW", "WON"]
    types = [f"charge.dispute.{step}" for step in ("created", "updated", "closed")]
    for number, (kind, status) in enumerate(zip(types, wanted, strict=True), start=1):
        demo.check(f"event {number}", events.get(number), (kind, status))


def _books(demo: Demo, before: Mapping[str, Any], kept: Mapping[str, Any], lost: Mapping[str, Any]) -> None:
    demo.step("17. The books side by side")
    after = demo.call("GET", f"{DISPUTES}/stats")
    figures = [name for name, value in after.items() if isinstance(value, int | float) and value != before[name]]
    moved = {name: round(after[name] - before[name], 2) for name in figures}
    demo.check("our counters moved by", moved, {"won": 1, "lost": 1, "totalLost": 30.0})
    given = demo.call("POST", f"/api/payment/refund/{kept['transactionId']}", {"amount": 20.00})
    demo.check("the won one can be refunded again", given["refundAmount"], 20.0)
    refused = demo.call("POST", f"/api/payment/refund/{lost['transactionId']}", {})
    demo.check("the lost one never", refused["code"], "nothing_to_refund")
    for what, payment, refunded in (("won", kept, 20.0), ("lost", lost, 0.0)):
        book = demo.call("GET", f"/api/sandbox/payments/{payment['igfs']['paymentId']}")
        demo.check(f"the gateway refunded of the {what} one", book["refunded"], refunded)
