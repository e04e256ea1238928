"""The outbox in memory."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime

from shared.domain import ids
from shared.domain.errors import NotFound
from shared.domain.event import Event
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment


class FakeEvents:
    """The port ``Events``. ``told`` lists everything in the order it was written."""

    def __init__(self) -> None:
        self._told: dict[str, Event] = {}
        self._fanned_out: dict[str, datetime] = {}
        self._lock = threading.RLock()

    @property
    def told(self) -> list[Event]:
        with self._lock:
            return list(self._told.values())

    def types(self, subject: str | None = None) -> list[str]:
        """The types told, in order; of one subject if given."""
        return [event.type.value for event in self.told if subject in (None, event.subject)]

    def write(self, events: Sequence[Event]) -> None:
        """What a transaction that tells events does to the outbox."""
        with self._lock:
            for event in events:
                self._told[event.id] = event

    def after(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        event_id: str | None,
        *,
        until: datetime,
        limit: int,
    ) -> list[Event]:
        last = ids.event_bound(until, b"\xff" * 10) + "~"
        mine = [e for e in self.told if (e.merchant_id, e.environment) == (merchant_id, environment)]
        found = [event for event in mine if (event_id or "") < event.id <= last]
        return sorted(found, key=lambda event: event.id)[:limit]

    def get(self, merchant_id: MerchantId, environment: Environment, event_id: str) -> Event:
        with self._lock:
            event = self._told.get(event_id)
        if event is None or (event.merchant_id, event.environment) != (merchant_id, environment):
            raise NotFound("there is no such event")
        return event

    def put(self, event: Event) -> None:
        self.write([event])

    def not_fanned_out(self, before: datetime, limit: int) -> list[Event]:
        bound = ids.event_bound(before, bytes(10))
        with self._lock:
            found = [event for event in self._told.values() if event.id < bound and event.id not in self._fanned_out]
        return sorted(found, key=lambda event: event.id)[:limit]

    def mark_fanned_out(self, event: Event, now: datetime) -> None:
        with self._lock:
            self._fanned_out[event.id] = now
