"""Disputes whose time to answer is over: by schedule for all merchants, and on read for the one who looks."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Final

from shared.domain.dispute import Actor, Dispute
from shared.domain.errors import GatewayError, StaleWrite
from shared.domain.ids import DisputeId, MerchantId
from shared.domain.payment import Environment
from shared.ports import Disputes, World
from shared.usecases.change_dispute import change_dispute
from shared.usecases.take_notice import match_notice

MOST_ON_READ: Final = 25


def sweep_disputes(limit: int, *, world: World, disputes: Disputes) -> tuple[int, list[tuple[str, str]]]:
    """Expire what is due, try again to match messages; how many, and those that raised with the error's code."""
    failed: list[tuple[str, str]] = []
    due = disputes.due(world.now(), limit)
    for dispute_id in due:
        try:
            expire_dispute(dispute_id, world=world, disputes=disputes)
        except Exception as error:  # whatever is wrong with one dispute, the others are owed their look
            failed.append((dispute_id, _code(error)))
    for notice in disputes.unmatched(limit):
        try:
            if match_notice(notice, world=world, disputes=disputes) is not None:
                disputes.forget_unmatched(notice)
        except Exception as error:
            failed.append((notice.psp_id, _code(error)))
    return len(due), failed


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


def _code(error: Exception) -> str:
    return error.error_code if isinstance(error, GatewayError) else type(error).__name__
