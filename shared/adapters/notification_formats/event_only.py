"""A Stripe-shaped event and nothing beside it."""

from __future__ import annotations

from shared.adapters.notification_formats.payglobe import PayGlobeFormat, envelope, to_bytes
from shared.domain.event import Event


class EventOnly(PayGlobeFormat):
    def body(self, event: Event) -> bytes:
        return to_bytes(envelope(event))
