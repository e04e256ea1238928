"""The sums of a merchant's business, by the hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from shared.domain.event import Event
    from shared.domain.figures import HourOf
    from shared.domain.ids import MerchantId
    from shared.domain.payment import Environment


class MerchantFigures(Protocol):
    def add(self, event: Event, added: HourOf, now: datetime) -> bool:
        """Add what an event says, once for ever; False when it had been added before."""
        ...

    def since(self, merchant_id: MerchantId, environment: Environment, moment: datetime) -> list[HourOf]:
        """The hours from that of ``moment`` on, in no order; one hour may be told in several parts."""
        ...
