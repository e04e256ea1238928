"""Payment links in memory."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.event import Event
from shared.domain.ids import LinkId, MerchantId
from shared.domain.payment import Environment
from shared.domain.payment_link import PaymentLink
from shared.domain.statuses import LinkStatus
from shared.ports.links import WantedLinks
from shared.ports.numbered import Listed, NumberedPage
from tools.testing.fakes.events import FakeEvents


class FakeLinks:
    """The port ``Links``."""

    def __init__(self, events: FakeEvents | None = None) -> None:
        self._events = events or FakeEvents()
        self._links: dict[LinkId, PaymentLink] = {}
        self._lock = threading.RLock()

    def all(self) -> list[PaymentLink]:
        with self._lock:
            return list(self._links.values())

    def get(self, link_id: LinkId) -> PaymentLink:
        with self._lock:
            found = self._links.get(link_id)
        if found is None:
            raise NotFound("there is no such payment link")
        return found

    def create(self, link: PaymentLink) -> PaymentLink | None:
        with self._lock:
            if link.id in self._links:
                return self._links[link.id]
            self._links[link.id] = replace(link, version=link.version + 1)
            return None

    def save(self, link: PaymentLink, events: Sequence[Event] = ()) -> PaymentLink | None:
        with self._lock:
            there = self.get(link.id)
            if there.version != link.version:
                return there
            self._events.write(events)
            self._links[link.id] = replace(link, version=link.version + 1)
            return None

    def of_family(
        self, merchant_id: MerchantId, environment: Environment, wanted: WantedLinks, page: NumberedPage
    ) -> Listed[PaymentLink]:
        mine = (link for link in self.all() if (link.merchant_id, link.environment) == (merchant_id, environment))
        return page.of([link for link in mine if wanted.fits(link)])

    def of_merchant(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        *,
        status: LinkStatus | None,
        limit: int,
        cursor: str | None,
    ) -> tuple[list[PaymentLink], str | None]:
        if cursor and not cursor.partition("#")[2]:
            raise InvalidRequest("cursor is not one this list returned")
        with self._lock:
            mine = [
                link
                for link in self._links.values()
                if (link.merchant_id, link.environment) == (merchant_id, environment)
                and status in (None, link.status)
            ]
        listed = sorted(mine, key=_place, reverse=True)
        rest = [link for link in listed if not cursor or _place(link) < cursor]
        return rest[:limit], _place(rest[limit - 1]) if len(rest) > limit else None

    def due(self, now: datetime, limit: int) -> list[LinkId]:
        with self._lock:
            waiting = [(link.due_at, link.id) for link in self._links.values() if link.due_at is not None]
        return [link_id for due_at, link_id in sorted(waiting) if due_at <= now][:limit]


def _place(link: PaymentLink) -> str:
    return f"{link.created_at.isoformat(timespec='microseconds')}#{link.id}"
