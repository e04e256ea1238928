"""Glomopay's notices: an object as a read would show it, in canonical JSON, signed as hexadecimal digits."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Final

from shared.domain.delivery import Schedule
from shared.domain.event import Event, EventType
from shared.domain.payment import FINAL, PAID, Environment
from shared.domain.record import dataclass
from shared.domain.statuses import OrderStatus
from shared.families.glomopay.views import FAMILY, link_view, order_view, payment_view, refund_view
from shared.ports.webhooks import Outgoing, Signing

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
# Seconds after the first attempt, the second, and so on, when the interval of retries is the usual five minutes.
USUAL_INTERVAL: Final = 300
WAITS: Final = {
    Environment.LIVE: (
        *(n * MINUTE for n in (1, 5, 15)),
        *(n * HOUR for n in (1, 3, 6, 12, 24, 48)),
    ),
    Environment.TEST: tuple(n * MINUTE for n in (1, 2, 5, 10, 30)),
}
_SUCCESS, _FAILED, _PAID, _EXPIRED = "payment.success", "payment.failed", "orders.paid", "orders.expired"
_TEST, _REFUNDED, _NOT_REFUNDED = "webhook_test.test", "refund.success", "refund.failed"
_SIMPLE: Final = {
    EventType.PAID: _SUCCESS,
    EventType.ORDER_PAID: _PAID,
    EventType.LINK_PAID: "payment_link.paid",
    EventType.LINK_EXPIRED: "payment_link.expired",
    EventType.LINK_CANCELLED: "payment_link.cancelled",
    EventType.ORDER_EXPIRED: _EXPIRED,
    EventType.REFUNDED: _REFUNDED,
    EventType.REFUND_FAILED: _NOT_REFUNDED,
}


@dataclass(frozen=True, slots=True)
class GlomopayFormat:
    """Speaks of this family's payments and orders alone; every attempt has the same bytes and signature."""

    names: frozenset[str] = frozenset({_TEST, _FAILED, *_SIMPLE.values()})

    def name(self, event: Event) -> str | None:
        if event.type is EventType.ENDPOINT_TEST:
            return _TEST
        if event.family != FAMILY:
            return None
        if event.type is EventType.CHECKOUT_ENDED:
            payment = event.facts.payment
            return _FAILED if payment and payment.status in FINAL - PAID else None
        return _SIMPLE.get(event.type)

    def body(self, event: Event) -> bytes:
        """RFC 8785: keys are ASCII and numbers are whole, so that sorting them and leaving no blanks is all of it."""
        entity, _, what = (self.name(event) or "").partition(".")
        told = {"data": _data(event), "entity_type": entity, "event_type": what}
        return canonical(told)

    def render(self, signing: Signing) -> Outgoing:
        body = self.body(signing.event)
        headers = {
            "Content-Type": "application/json",
            "X-Glomopay-Signature": signature(signing.secrets[0], body),
        }
        return Outgoing("POST", signing.url, headers, body)

    def schedule(self, interval_seconds: int, environment: Environment) -> Schedule:
        return Schedule(tuple(max(wait * interval_seconds // USUAL_INTERVAL, 1) for wait in WAITS[environment]))


FORMATS: Final = {FAMILY: GlomopayFormat()}


def canonical(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _data(event: Event) -> Mapping[str, object]:
    facts = event.facts
    if facts.order is not None:
        return order_view(facts.order, OrderStatus(facts.order.status))
    if facts.link is not None:
        return link_view(facts.link)
    if facts.payment is not None and facts.refund is not None:
        return refund_view(facts.refund, facts.payment.id, facts.payment.customer_id)
    if facts.payment is not None:
        return payment_view(facts.payment, event.merchant_id)
    endpoint = facts.endpoint
    return {"id": endpoint.id, "url": endpoint.url} if endpoint else {}
