"""What a merchant's business comes to: a few sums that events add to, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, fields
from datetime import datetime
from decimal import Decimal
from typing import Final

from shared.domain.event import Event, EventType
from shared.domain.money import Money
from shared.domain.payment import PAID, Mode, Status
from shared.domain.record import dataclass

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
    by_method: int = 0  # a part of ``gross``: by a method whose money somebody else takes
    refunded_vouchers: int = 0  # a part of ``refunded``
    refunded_method: int = 0  # a part of ``refunded``
    returned: int = 0  # a part of ``gross``: what banks sent back of charges that their gateway had accepted
    lost: int = 0  # what banks took in disputes; less than nothing where they gave back more than they took
    lost_method: int = 0  # a part of ``lost``

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def success_rate(self) -> Decimal | None:
        """The share of payments that were paid, of those whose customer got as far as a card; None before any."""
        tried = self.paid + self.declined
        return (Decimal(self.paid) / tried).quantize(_SHARE) if tried else None


@dataclass(frozen=True, slots=True)
class HourOf:
    """What was added in the hour that began at ``hour``, in one currency, in minor units."""

    hour: datetime
    currency: str
    figures: Figures
    spent: Mapping[str, int] = field(default_factory=dict)  # of ``vouchers``, by issuer
    returned: Mapping[str, int] = field(default_factory=dict)  # of ``refunded_vouchers``, by issuer


def figures_of(event: Event) -> HourOf | None:
    """What ``event`` adds, and when; None for what is counted by another event, or moves nothing."""
    hour = event.created_at.replace(minute=0, second=0, microsecond=0)
    dispute = event.facts.dispute
    if dispute is None:
        return _of_payment(event, hour)
    added = Figures(lost=dispute.lost, lost_method=dispute.lost if dispute.by_method else 0)
    return HourOf(hour, dispute.currency, added) if dispute.lost else None


def _of_payment(event: Event, hour: datetime) -> HourOf | None:
    payment, added = event.facts.payment, None
    spent: Mapping[str, int] = {}
    returned: Mapping[str, int] = {}
    if payment is None:
        return None
    if event.type is EventType.PAID:
        by_card = payment.amount.minor - payment.spent.minor
        whole = payment.captured.minor or max(by_card, 0)
        by_method = whole if payment.mode is Mode.ALTERNATIVE else 0
        added = Figures(1, whole + payment.spent.minor, payment.spent.minor, by_method=by_method)
        spent = by_issuer((voucher.issuer, voucher.spent) for voucher in payment.vouchers)
    elif event.type is EventType.REFUNDED and event.facts.refund is not None:
        refund = event.facts.refund
        returned = by_issuer(refund.vouchers.items())
        by_method = refund.amount.minor if payment.mode is Mode.ALTERNATIVE else 0
        back = sum(returned.values())
        count = 0 if refund.continued else 1
        added = Figures(
            refunds=count, refunded=refund.amount.minor, refunded_vouchers=back, refunded_method=by_method
        )
    elif event.type is EventType.FAILED and payment.status in (Status.FAILED, Status.CARD_CAPTURE_FAILED):
        added = Figures(declined=1) if payment.declined else Figures(given_up=1)
    elif event.type is EventType.FAILED and payment.status in PAID:
        added = Figures(returned=payment.captured.minor)  # its charge was accepted first, and counted
    if added is None:
        return None
    return HourOf(hour, payment.amount.currency, added, spent, returned)


def by_issuer(parts: Iterable[tuple[str, Money | None]]) -> dict[str, int]:
    """Minor units by issuer, of what has an issuer and was confirmed."""
    found: dict[str, int] = {}
    for issuer, amount in parts:
        if issuer and amount:
            found[issuer] = found.get(issuer, 0) + amount.minor
    return found
