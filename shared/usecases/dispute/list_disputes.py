"""A merchant's disputes page by page, and how many there are: both from counters that move with the disputes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from shared.domain.dispute import AT_RISK, AWAITING, TAKEN, Dispute
from shared.domain.ids import MerchantId
from shared.domain.money import Money
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.domain.statuses import DisputeStatus
from shared.ports.disputes import Disputes, Period, Tally
from shared.ports.world import World
from shared.usecases.dispute.expire_disputes import expire_overdue

USUAL_CURRENCY: Final = "EUR"


@dataclass(frozen=True, slots=True)
class DisputeQuery:
    """``page`` counts from 0 and is not used with a ``cursor``."""

    status: DisputeStatus | None
    period: Period
    page: int
    size: int
    cursor: str | None


@dataclass(frozen=True, slots=True)
class DisputePage:
    """``total`` counts all that fit, ``cursor`` asks for those after these; None: there are no more."""

    disputes: list[Dispute]
    total: int
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Stakes:
    """What disputes of one currency are about: still undecided, and lost."""

    at_risk: Money
    taken: Money


@dataclass(frozen=True, slots=True)
class DisputeStats:
    """``stakes`` has an entry for each currency; ``at_risk`` and ``taken`` are those of one of them."""

    open: int
    under_review: int
    won: int
    lost: int
    at_risk: Money
    taken: Money
    stakes: tuple[Stakes, ...]


def list_disputes(
    merchant_id: MerchantId, environment: Environment, wanted: DisputeQuery, *, world: World, disputes: Disputes
) -> DisputePage:
    """One page, newest first. The counters by day say where a page begins, so that none before it is read."""
    expire_overdue(merchant_id, environment, world=world, disputes=disputes)
    period, skip, total = _place(merchant_id, environment, wanted, disputes)
    if skip is None:
        return DisputePage([], total, None)
    found, cursor = disputes.of_merchant(
        merchant_id,
        environment,
        status=wanted.status,
        period=period,
        limit=skip + wanted.size,
        cursor=wanted.cursor,
    )
    return DisputePage(found[skip:], total, cursor)


def _place(
    merchant_id: MerchantId, environment: Environment, wanted: DisputeQuery, disputes: Disputes
) -> tuple[Period, int | None, int]:
    """The part of the period that the page begins in, how many to skip there (None: beyond the end), the total."""
    skip = 0 if wanted.cursor else wanted.page * wanted.size
    if not skip and wanted.period == Period():
        return wanted.period, 0, _count(disputes.tallies(merchant_id, environment), wanted.status)
    days = [
        (day, _count(tallies, wanted.status))
        for day, tallies in disputes.days(merchant_id, environment, wanted.period)
    ]
    total = sum(count for _, count in days)
    if not skip:
        return wanted.period, 0, total
    for day, count in days:
        if skip < count:
            return replace(wanted.period, last=day), skip, total
        skip -= count
    return wanted.period, None, total


def dispute_stats(
    merchant_id: MerchantId, environment: Environment, currency: str | None, *, world: World, disputes: Disputes
) -> DisputeStats:
    """Counts and amounts of one currency; without one, counts of all, and amounts of the only currency or of EUR."""
    expire_overdue(merchant_id, environment, world=world, disputes=disputes)
    tallies = disputes.tallies(merchant_id, environment)
    counted = [tally for tally in tallies if currency in (None, tally.currency)]
    used = sorted({tally.currency for tally in counted})
    amounts_in = currency or (used[0] if len(used) == 1 else USUAL_CURRENCY)

    def count(*statuses: DisputeStatus) -> int:
        return sum(tally.count for tally in counted if tally.status in statuses)

    def amount(statuses: Iterable[DisputeStatus], unit: str = amounts_in) -> Money:
        return Money(sum(t.minor for t in counted if t.status in statuses and t.currency == unit), unit)

    return DisputeStats(
        open=count(*AWAITING),
        under_review=count(DisputeStatus.UNDER_REVIEW),
        won=count(DisputeStatus.WON),
        lost=count(*TAKEN),
        at_risk=amount(AT_RISK),
        taken=amount(TAKEN),
        stakes=tuple(Stakes(amount(AT_RISK, unit), amount(TAKEN, unit)) for unit in used),
    )


def _count(tallies: Iterable[Tally], status: DisputeStatus | None) -> int:
    return sum(tally.count for tally in tallies if status in (None, tally.status))
