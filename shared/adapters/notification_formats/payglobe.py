"""What the three PayGlobe formats share: the envelope, the headers of three signature families, the schedule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import simplejson

from shared.domain import signature
from shared.domain.delivery import Schedule
from shared.domain.event import Event, EventType
from shared.domain.payment import Environment
from shared.ports.webhooks import Signing

API_VERSION: Final = "2023-10-16"
DELIVERIES: Final = 10

# The names by which Stripe's libraries give a typed object; fields they do not know stay readable.
_OBJECTS: Final = {
    EventType.REFUNDED: "charge",
    EventType.CHECKOUT_COMPLETED: "checkout.session",
    EventType.DISPUTE_CREATED: "dispute",
    EventType.DISPUTE_UPDATED: "dispute",
    EventType.DISPUTE_CLOSED: "dispute",
    EventType.ENDPOINT_TEST: "webhook_endpoint",
    EventType.ENDPOINT_DISABLED: "webhook_endpoint",
}


class PayGlobeFormat:
    """Ten deliveries a fixed interval apart, signed for the guide's, Stripe's and Standard Webhooks' receivers."""

    def headers(self, signing: Signing) -> dict[str, str]:
        body, event, timestamp = signing.body, signing.event, int(signing.now.timestamp())
        return {
            "Content-Type": "application/json",
            "X-PayGlobe-Signature": signature.payglobe(signing.secrets[0], body, signing.encoding),
            "Stripe-Signature": signature.stripe(signing.secrets, body, timestamp),
            "webhook-id": event.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature.standard(signing.secrets, body, event.id, timestamp),
            "X-PayGlobe-Event": event.type.value,
            "X-PayGlobe-Delivery": signing.delivery_id,
        }

    def schedule(self, interval_seconds: int, environment: Environment) -> Schedule:
        return Schedule((interval_seconds,) * (DELIVERIES - 1))


def envelope(event: Event) -> dict[str, object]:
    """The event as Stripe's libraries read it, with the place it has among its subject's events."""
    about = {"id": event.subject, "object": _OBJECTS.get(event.type, "payment_intent")}
    return {
        "id": event.id,
        "object": "event",
        "api_version": API_VERSION,
        "created": int(event.created_at.timestamp()),
        "type": event.type.value,
        "livemode": event.environment is Environment.LIVE,
        "pending_webhooks": 0,
        "sequence": event.sequence,
        "data": {"object": about | dict(event.data)},
        "request": None,
    }


def to_bytes(value: Mapping[str, object]) -> bytes:
    """ASCII, so that a receiver's platform charset cannot change what was signed; exact decimals (``150.00``)."""
    return str(simplejson.dumps(value, use_decimal=True, separators=(",", ":"))).encode("ascii")
