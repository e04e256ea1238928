"""Disputes that are due: whose time to answer is over, or whose answer is on its way. By schedule for all merchants;
what has expired also on read, for the one who looks."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Final

from shared.domain.dispute import Actor, Dispute, Notice
from shared.domain.errors import StaleWrite
from shared.domain.ids import DisputeId, MerchantId
from shared.domain.payment import Environment
from shared.ports.disputes import DisputeDesks, Disputes, EvidenceStore
from shared.ports.world import World
from shared.usecases.dispute.change_dispute import change_dispute
from shared.usecases.dispute.pass_on import pass_on
from shared.usecases.dispute.take_notice import match_notice, try_later
from shared.usecases.housekeeping.sweeping import Looking, Shift, Swept

MOST_ON_READ: Final = 25


def sweep_disputes(
    limit: int,
    *,
    world: World,
    disputes: Disputes,
    desks: DisputeDesks,
    files: EvidenceStore,
    shift: Shift | None = None,
) -> Swept:
    """Expire and pass on what is due, and try again to match messages; one that fails or hangs stops no other."""

    def match(notice: Notice) -> None:
        if match_notice(notice, world=world, disputes=disputes) is None:
            put_back(notice)
        else:
            disputes.forget_unmatched(notice)

    def put_back(notice: Notice) -> None:
        try_later(notice, world=world, disputes=disputes)

    def look(dispute: Dispute) -> None:
        expire_dispute(dispute.id, world=world, disputes=disputes)
        if dispute.send_at is not None:
            pass_on(dispute, world=world, disputes=disputes, desks=desks, files=files)

    shift = shift or Shift(world.now)
    expiring: Looking[DisputeId, Dispute] = Looking(disputes.get, look, lane=_lane)
    matching: Looking[Notice, Notice] = Looking(
        lambda notice: notice,
        match,
        lane=lambda notice: notice.psp_id,
        name=lambda notice: notice.psp_id,
        put_back=put_back,
    )
    expired = shift.look_at_all(disputes.due(world.now(), limit), expiring)
    matched = shift.look_at_all(disputes.unmatched(world.now(), limit), matching)
    return Swept(
        max(expired.looked, matched.looked),
        expired.failed + matched.failed,
        # A dispute that could not be looked at is not put back.
        len(expired.failed) + matched.stuck,
        expired.put_off + matched.put_off,
    )


def _lane(dispute: Dispute) -> str:
    """Whom the look may have to wait for: this merchant's PSP, or nobody."""
    if dispute.send_at is None:
        return dispute.id
    return f"{dispute.merchant_id}#{dispute.environment}#{dispute.source}"


def expire_overdue(merchant_id: MerchantId, environment: Environment, *, world: World, disputes: Disputes) -> None:
    """Write down what has expired, so that a merchant's list and counters agree at the moment they are read."""
    for dispute_id in disputes.overdue(merchant_id, environment, world.now(), MOST_ON_READ):
        with suppress(StaleWrite):  # somebody else is at it
            expire_dispute(dispute_id, world=world, disputes=disputes)


def expire_dispute(dispute_id: DisputeId, *, world: World, disputes: Disputes) -> None:
    """Mark a dispute expired if nobody answered it in time. Safe to repeat."""
    change_dispute(dispute_id, _expired, world=world, disputes=disputes)


def _expired(dispute: Dispute | None, now: datetime) -> Dispute | None:
    return None if dispute is None else dispute.moved(Actor.CLOCK, now)
