"""The guide's flat notification alone, for receivers that refuse fields they do not know."""

from __future__ import annotations

from shared.adapters.notification_formats.payglobe import PayGlobeFormat, to_bytes
from shared.domain.event import Event


class Flat(PayGlobeFormat):
    """The event's id and type are in the headers ``webhook-id`` and ``X-PayGlobe-Event``."""

    def body(self, event: Event) -> bytes:
        return to_bytes(event.data)
