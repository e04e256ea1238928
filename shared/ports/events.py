"""The events that were told, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from shared.domain.event import Event
    from shared.domain.ids import MerchantId
    from shared.domain.payment import Environment


class Events(Protocol):
    def after(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        event_id: str | None,
        *,
        until: datetime,
        limit: int,
    ) -> list[Event]:
        """Events with an id above ``event_id`` created no later than ``until``, oldest first."""
        ...

    def get(self, merchant_id: MerchantId, environment: Environment, event_id: str) -> Event:
        """One event. Raises NotFound, and OfLaterRelease for one that cannot be read."""
        ...

    def put(self, event: Event) -> None:
        """Write an event that tells no change of a stored object (a test event, a disabled endpoint)."""
        ...

    def not_fanned_out(self, before: datetime, limit: int) -> list[Event]:
        """Events older than ``before`` whose fan-out nobody confirmed."""
        ...

    def mark_fanned_out(self, event: Event, now: datetime) -> None: ...
