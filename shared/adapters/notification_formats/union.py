"""The default format: a Stripe-shaped event with the guide's flat payment fields at its root as well."""

from __future__ import annotations

from shared.adapters.notification_formats.payglobe import PayGlobeFormat, envelope, to_bytes
from shared.domain.event import Event


class Union(PayGlobeFormat):
    """Both kinds of sample in the guide read this body unchanged: flat fields and ``data.object``."""

    def body(self, event: Event) -> bytes:
        return to_bytes({**event.data, **envelope(event)})
