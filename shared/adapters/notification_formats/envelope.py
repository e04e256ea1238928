"""The PayGlobe family's bodies: Stripe's event envelope, the guide's flat payment, and both in one."""

from __future__ import annotations

from typing import Final

from shared.domain.event import Event
from shared.domain.payment import Environment

API_VERSION: Final = "2023-10-16"
_OBJECTS: Final = {"payment_intent": "payment_intent", "charge": "charge", "checkout": "checkout.session"}


def event(event: Event) -> dict[str, object]:
    """Stripe's event. ``data.object`` gets an id and an object name, so that libraries type it."""
    family = event.type.value.partition(".")[0]
    name = "dispute" if event.type.value.startswith("charge.dispute") else _OBJECTS.get(family, family)
    return {
        "id": event.id,
        "object": "event",
        "api_version": API_VERSION,
        "created": int(event.created_at.timestamp()),
        "type": event.type.value,
        "livemode": event.environment is Environment.LIVE,
        "pending_webhooks": 0,
        "data": {"object": {"id": event.subject, "object": name, **event.data}},
        "request": None,
        "sequence": event.sequence,
    }


def flat(event: Event) -> dict[str, object]:
    """The guide's flat notification."""
    return dict(event.data)


def union(both: Event) -> dict[str, object]:
    """Both at once: the envelope's keys and the flat ones do not collide, so either kind of sample runs unchanged."""
    return {**flat(both), **event(both)}
