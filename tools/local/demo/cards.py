"""The demo's scene about saved cards: paid once, saved, charged without the customer, declined, deleted."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.local.demo.stage import Demo

DECLINED_LATER = "4000000000000341"


def scene(demo: Demo, card: Mapping[str, object]) -> None:
    """A customer's first payment is made with ``card``; the renewals need nobody."""
    customer = f"cust_{secrets.token_hex(4)}"
    demo.step("10. A customer pays 20.00 and agrees that the card is saved")
    saved = _save(demo, customer, card)
    demo.check("alias, default", (saved["alias"], saved["isDefault"]), ("VISA ****4242", True))

    demo.step("11. The shop charges the saved card 50.00: no page, no customer")
    paid = _pay(demo, customer, saved)
    demo.check("status", (paid["status"], paid["cardAlias"]), ("COMPLETED", "VISA ****4242"))
    (shown,) = demo.call("GET", f"/api/token-payment/cards?customerId={customer}")["cards"]
    demo.check("the card was used", shown["usageCount"], 1)
    book = demo.call("GET", f"/api/sandbox/payments/{paid['paymentId']}")
    demo.check("the gateway's book", (book["captured"], [c["operation"] for c in book["calls"]]), (50.0, ["SALE"]))

    demo.step("12. A card whose bank refuses later charges, and a card that is deleted")
    declined = _pay(demo, customer, _save(demo, customer, {**card, "number": DECLINED_LATER}))
    demo.check("declined", (declined["status"], declined["error"]), ("FAILED", "Card declined"))
    gone = demo.call("DELETE", f"/api/token-payment/cards/{saved['cardId']}")
    demo.check("deleted", gone["message"], "Card deleted successfully")
    demo.check("charging it now", _pay(demo, customer, saved)["code"], "not_found")


def _save(demo: Demo, customer: str, card: Mapping[str, object]) -> dict[str, Any]:
    body = {"amount": 20.00, "paymentMode": "SALE_WITH_TOKENIZATION", "customerId": customer}
    payment = demo.call("POST", "/api/payment/init", body)
    demo.call("POST", f"/sandbox/card-page/{payment['igfs']['paymentId']}", card, key=None)
    wanted = {"transactionId": payment["transactionId"], "customerId": customer}
    return demo.call("POST", "/api/token-payment/save-card", wanted)


def _pay(demo: Demo, customer: str, card: Mapping[str, object]) -> dict[str, Any]:
    order = {"cardId": card["cardId"], "amount": 50.00, "customerId": customer, "description": "Renewal"}
    return demo.call("POST", "/api/token-payment/pay", order)
