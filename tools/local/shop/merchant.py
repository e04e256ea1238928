"""The sample merchant's server: its prices, its orders, and what it makes of a webhook."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

PRICES: Final = {"trofie": 950, "salad": 780, "focaccia": 420, "coffee": 140, "mug": 900}  # cents
NAMES: Final = {
    "trofie": "Trofie al pesto",
    "salad": "Insalata della casa",
    "focaccia": "Focaccia genovese",
    "coffee": "Caffè",
    "mug": "Tazza della bottega",
}
FOOD: Final = frozenset(PRICES) - {"mug"}  # what meal vouchers may pay for: the shop's to know, no gateway's
MOST_OF_ONE: Final = 20
KEPT: Final = 200
_TIMESTAMP_TOLERANCE: Final = 300


class BadBasket(ValueError):
    """The browser sent something that is not a basket of this shop."""


@dataclass
class Order:
    """``status`` is the shop's own: waiting, paid, failed or refunded. Only a verified webhook moves it."""

    number: int
    total: int  # cents
    food: int  # cents of it
    description: str
    status: str = "waiting"


@dataclass
class Merchant:
    """Orders and notifications in memory. Safe under threads: the local server has one per request."""

    webhook_secret: str = field(repr=False)
    orders: dict[int, Order] = field(default_factory=dict)
    received: list[dict[str, Any]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def place(self, basket: object) -> Order:
        """An order for ``{"trofie": 2}`` at the shop's own prices. Raises BadBasket."""
        lines = _lines(basket)
        total = sum(PRICES[name] * count for name, count in lines.items())
        with self._lock:
            number = 1001 + len(self.orders)
            words = ", ".join(f"{count} × {NAMES[name]}" for name, count in lines.items())
            food = sum(PRICES[name] * count for name, count in lines.items() if name in FOOD)
            order = Order(number, total, food, f"Order {number}: {words}"[:200])
            self.orders[number] = order
        return order

    def notified(self, order_number: int, headers: Mapping[str, str], body: bytes) -> bool:
        """Keep what arrived, judge its signatures, and move the order if they hold. False: refuse it."""
        checks = verified({name.lower(): value for name, value in headers.items()}, body, self.webhook_secret)
        return self.told(order_number, checks, _json(body))

    def told(self, order_number: int, checks: Mapping[str, bool], event: dict[str, Any]) -> bool:
        """The same, with the outcome of each check of it."""
        genuine = bool(checks) and all(checks.values())
        with self._lock:
            order = self.orders.get(order_number)
            note = _judged(order, event) if genuine else "refused: the signature does not hold"
            self.received.append(
                {
                    "n": (self.received[-1]["n"] + 1) if self.received else 1,
                    "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                    "order": order_number,
                    "type": str(event.get("type", "unknown")),
                    "status": str(event.get("status", "")),
                    "checks": dict(checks),
                    "genuine": genuine,
                    "note": note,
                    "body": event if genuine else {},
                }
            )
            del self.received[:-KEPT]
        return genuine

    def seen(self, after: int) -> dict[str, Any]:
        """What the page polls: every order's status, and the notifications after number ``after``."""
        with self._lock:
            return {
                "orders": {
                    str(o.number): {"status": o.status, "total": euros(o.total)} for o in self.orders.values()
                },
                "received": [one for one in self.received if one["n"] > after],
            }


def euros(cents: int) -> str:
    """``2680`` as ``26.80``."""
    return str((Decimal(cents) / 100).quantize(Decimal("0.01")))


def verified(headers: Mapping[str, str], body: bytes, secret: str) -> dict[str, bool]:
    """Each signature header that came, and whether it holds. Header names in lower case."""
    checks = {}
    if sent := headers.get("x-payglobe-signature"):
        made = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
        checks["X-PayGlobe-Signature"] = hmac.compare_digest(sent, made)
    if sent := headers.get("stripe-signature"):
        checks["Stripe-Signature"] = _stripe_accepts(sent, body, secret)
    return checks


def _stripe_accepts(header: str, body: bytes, secret: str) -> bool:
    """The verdict of Stripe's own library."""
    import stripe

    try:
        stripe.WebhookSignature.verify_header(body.decode(), header, secret, _TIMESTAMP_TOLERANCE)
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False
    return True


def _judged(order: Order | None, event: dict[str, Any]) -> str:
    """What the shop does about a genuine notification; the amount must be the order's own."""
    if order is None:
        return "no such order"
    status = event.get("status")
    if Decimal(str(event.get("totalAmount", 0))) * 100 != order.total:
        return "ignored: the amount is not the order's"
    if Decimal(str(event.get("voucherAmount", 0))) * 100 > order.food:
        return "ignored: vouchers paid for more than the food"
    if status == "SUCCESS" and order.status == "paid":
        return "known already: told once, done once"
    if status == "SUCCESS":
        order.status = "paid"
        return "order paid: start cooking"
    if status in ("FAILED", "CARD_CAPTURE_FAILED", "VOIDED") and order.status != "paid":
        order.status = "failed"
        return "order not paid: keep the basket"
    if status in ("REFUNDED", "PARTIALLY_REFUNDED"):
        order.status = "refunded"
        return "money went back"
    return "noted: nothing to do yet"


def _lines(basket: object) -> dict[str, int]:
    if not isinstance(basket, dict) or not basket:
        raise BadBasket("the basket is empty")
    for name, count in basket.items():
        if name not in PRICES or type(count) is not int or not 1 <= count <= MOST_OF_ONE:
            raise BadBasket("there is something in the basket that this shop does not sell")
    return dict(basket)


def _json(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}
