"""Disputes whose time to answer is over: by schedule for all merchants, and on read for the one who looks."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Final

from shared.domain.dispute import Actor, Dispute, Notice
from shared.domain.errors import StaleWrite
from shared.domain.ids import DisputeId, MerchantId
from shared.domain.payment import Environment
from shared.ports.disputes import Disputes
from shared.ports.world import World
from shared.usecases.dispute.change_dispute import change_dispute
from shared.usecases.dispute.take_notice import match_notice, try_later
from shared.usecases.housekeeping.sweeping import Looking, Shift, Swept

MOST_ON_READ: Final = 25


def sweep_disputes(limit: int, *, world: World, disputes: Disputes, shift: Shift | None = None) -> Swept:
    """Expire what is due, and try again to match messages; one that fails stops no other."""

    def match(notice: Notice) -> None:
        if match_notice(notice, world=world, disputes=disputes) is None:
            put_back(notice)
        else:
            disputes.forget_unmatched(notice)

    def put_back(notice: Notice) -> None:
        try_later(notice, world=world, disputes=disputes)

    shift = shift or Shift(world.now)
    # No gateway is asked, so that each is in a lane of its own.
    expiring: Looking[DisputeId, DisputeId] = Looking(
        lambda dispute_id: dispute_id,
        lambda dispute_id: expire_dispute(dispute_id, world=world, disputes=disputes),
        lane=str,
    )
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
        # A dispute that could not be expired is not put back.
        len(expired.failed) + matched.stuck,
        expired.put_off + matched.put_off,
    )


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
