"""A merchant's figures in memory."""

from __future__ import annotations

from datetime import datetime

from shared.domain.event import Event
from shared.domain.figures import HourOf
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment


class FakeFigures:
    """The port ``MerchantFigures``."""

    def __init__(self) -> None:
        self._added: dict[str, tuple[Event, HourOf]] = {}

    def add(self, event: Event, added: HourOf, now: datetime) -> bool:
        if event.id in self._added:
            return False
        self._added[event.id] = (event, added)
        return True

    def since(self, merchant_id: MerchantId, environment: Environment, moment: datetime) -> list[HourOf]:
        first, of = moment.replace(minute=0, second=0, microsecond=0), (merchant_id, environment)
        return [
            added
            for event, added in self._added.values()
            if (event.merchant_id, event.environment) == of and added.hour >= first
        ]
