"""What a PSP says about a dispute is written down once, whenever and however often it arrives."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from shared.domain import ids
from shared.domain.dispute import Dispute, Notice
from shared.domain.dispute_course import heard, opened
from shared.domain.errors import NotFound
from shared.domain.ids import PaymentId
from shared.domain.payment import Payment
from shared.ports.disputes import Disputes
from shared.ports.world import World
from shared.usecases.dispute.change_dispute import change_dispute

SOONEST: Final = timedelta(minutes=1)
LATEST: Final = timedelta(days=1)


def take_notice(notice: Notice, *, world: World, disputes: Disputes) -> Dispute | None:
    """The dispute as it is after ``notice``. The source and its own number of the dispute name it.

    None when no payment is meant by it that we know, in the environment the message was signed for: the message
    is kept, and housekeeping tries it again.
    """
    dispute = match_notice(notice, world=world, disputes=disputes)
    if dispute is None:
        try_later(notice, world=world, disputes=disputes)
    return dispute


def try_later(notice: Notice, *, world: World, disputes: Disputes) -> None:
    """Keep it for another try: after a minute at first, then ever more rarely, so that the newer ones go first."""
    now = world.now()
    waited = now - notice.happened_at
    disputes.keep_unmatched(notice, now + min(max(waited, SOONEST), LATEST))


def match_notice(notice: Notice, *, world: World, disputes: Disputes) -> Dispute | None:
    """The same, keeping nothing."""
    payment = _disputed(notice, world)
    if payment is None:
        return None
    dispute_id = ids.dispute_id(notice.source, notice.environment, payment.merchant_id, notice.psp_id)

    def decide(before: Dispute | None, now: datetime) -> Dispute | None:
        if before is None:
            return opened(notice, dispute_id, payment, now)
        return heard(before, notice, payment, now)

    return change_dispute(dispute_id, decide, world=world, disputes=disputes)


def _disputed(notice: Notice, world: World) -> Payment | None:
    for payment_id in notice.payment_ids:
        try:
            payment = world.payments.get(PaymentId(payment_id))
        except NotFound:
            continue
        if payment.environment is notice.environment:
            return payment
    return None
