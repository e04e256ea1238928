"""What a merchant's business comes to: a few sums that events add to, each once."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Final

from shared.domain.event import Event, EventType
from shared.domain.payment import Status

_SHARE: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts, and sums in minor units of one currency; ``vouchers`` is a part of ``gross``, all that was paid."""

    paid: int = 0
    gross: int = 0
    vouchers: int = 0
    refunds: int = 0
    refunded: int = 0
    declined: int = 0  # payments that ended with their card's last word, which was no
    given_up: int = 0  # payments that ended otherwise without being paid

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def success_rate(self) -> Decimal | None:
        """The share of payments that were paid, of those whose customer got as far as a card; None before any."""
        tried = self.paid + self.declined
        return (Decimal(self.paid) / tried).quantize(_SHARE) if tried else None


@dataclass(frozen=True, slots=True)
class HourOf:
    """What was added in the hour that began at ``hour``, in one currency."""

    hour: datetime
    currency: str
    figures: Figures


def figures_of(event: Event) -> HourOf | None:
    """What ``event`` adds, and when; None for what is counted by another event, or moves nothing."""
    payment, added = event.facts.payment, None
    if payment is None:
        return None
    if event.type is EventType.PAID:
        by_card = payment.amount.minor - payment.spent.minor
        whole = payment.captured.minor or max(by_card, 0)
        added = Figures(paid=1, gross=whole + payment.spent.minor, vouchers=payment.spent.minor)
    elif event.type is EventType.REFUNDED and event.facts.refund is not None:
        added = Figures(refunds=1, refunded=event.facts.refund.amount.minor)
    elif event.type is EventType.FAILED and payment.status in (Status.FAILED, Status.CARD_CAPTURE_FAILED):
        added = Figures(declined=1) if payment.declined else Figures(given_up=1)
    if added is None:
        return None
    return HourOf(event.created_at.replace(minute=0, second=0, microsecond=0), payment.amount.currency, added)
