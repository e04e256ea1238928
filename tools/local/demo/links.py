"""The demo's scene about payment links: created, shown as a QR code, opened twice, paid once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.local.demo.stage import Demo


def scene(demo: Demo, card: Mapping[str, object]) -> None:
    """A merchant asks for 50.00; the customer pays it with ``card``."""
    demo.step("7. The merchant sends a payment link for 50.00 by e-mail")
    body = {
        "amount": 50.00,
        "description": "Invoice 7",
        "linkType": "MAIL",
        "customerEmail": "ada@example.com",
        "customerName": "Ada",
    }
    link = demo.call("POST", "/api/payment-links/create", body)
    path = f"/api/payment-links/{link['transactionId']}"
    demo.show(f"link    {link['linkUrl']}\n  QR code {link['qrcodeAbsoluteUrl']}?size=300")
    sent = [m for m in demo.call("GET", "/api/sandbox/messages")["messages"] if link["linkUrl"] in m["text"]]
    demo.check("the e-mail", [(m["channel"], m["to"]) for m in sent], [("email", "ada@example.com")])

    demo.step("8. Two people open it: there is one payment")
    first, second = (demo.call("POST", f"{path}/open", {}, key=None)["redirectUrl"] for _ in range(2))
    demo.check("the same card page", first == second, True)
    _pay(demo, path, first.partition("paymentID=")[2], card)

    demo.step("9. The link is paid, and cannot be paid again")
    seen: dict[str, Any] = demo.until("the link", lambda: demo.read(path), lambda seen: seen["status"] != "PENDING")
    demo.check("status", seen["status"], "PAID")
    demo.check("opening it now", demo.call("POST", f"{path}/open", {}, key=None).get("code"), "link_paid")


def _pay(demo: Demo, path: str, page: str, card: Mapping[str, object]) -> None:
    demo.call("POST", f"/sandbox/card-page/{page}", card, key=None)
    transaction = demo.read(path)["paymentTransactionId"]
    demo.call("POST", f"/api/payment/voucher-choice/{transaction}", {"choice": "CARD_ONLY"})
