"""What a PSP says about a dispute is written down once, whenever and however often it arrives."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from shared.domain import ids
from shared.domain.dispute import Dispute, Notice
from shared.domain.dispute_course import heard, opened
from shared.domain.errors import NotFound
from shared.domain.ids import PaymentId
from shared.domain.payment import Payment
from shared.domain.psp_reference import PspReference
from shared.domain.statuses import Source
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
    for named in notice.payment_ids:
        found = _in_its_environment([PaymentId(named)], notice, world)
        # What is not our own name of a payment may be the PSP's; the sandbox has none of its own.
        if not found and notice.source is not Source.SANDBOX:
            reference = PspReference(notice.source.lower(), named)
            found = _in_its_environment(world.payments.by_reference(reference), notice, world)
        if len(found) == 1:  # of several nobody knows which is meant
            return found[0]
    return None


def _in_its_environment(payment_ids: list[PaymentId], notice: Notice, world: World) -> list[Payment]:
    found = []
    for payment_id in payment_ids:
        with suppress(NotFound):
            found.append(world.payments.get(payment_id))
    return [payment for payment in found if _may_be_about(notice, payment)]


def _may_be_about(notice: Notice, payment: Payment) -> bool:
    """A message counts where its secret does: in one environment, and for one merchant if it is that one's own."""
    return payment.environment is notice.environment and notice.merchant_id in (None, payment.merchant_id)
