"""What the sandbox's bank does: disputes a payment by the card that asks for it, and decides as it is told."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from shared.adapters.card_gateways.sandbox_books import PAGE
from shared.domain.dispute import Dispute, Notice
from shared.domain.event import Event, EventType
from shared.domain.gateway_name import may_be_sandbox
from shared.domain.money import Money
from shared.domain.payment import Environment
from shared.domain.statuses import DisputeStatus, Reason, Source
from shared.ports.books import Books

BEHAVIOUR: Final = "disputed"
_DAYS: Final = 14  # to answer
_MORE_DAYS: Final = 7  # to bring more evidence


def opened_dispute(told: Event, books: Books) -> Notice | None:
    """The dispute of a payment that ``told`` tells the success of; None unless its card is the disputed one.

    The same event makes the same notice.
    """
    paid = told.facts.payment
    if told.type is not EventType.PAID or told.environment is not Environment.TEST:
        return None
    if paid is None or not may_be_sandbox(paid.gateway):
        return None
    book, _ = books.load(PAGE, paid.page_id)
    if book.get("behaviour") != BEHAVIOUR or not book["captured"]:
        return None
    return Notice(
        source=Source.SANDBOX,
        environment=told.environment,
        psp_id=f"SBXD_{told.subject}",
        payment_ids=(told.subject,),
        amount=Money(book["captured"], book["currency"]),
        reason=Reason.FRAUDULENT,
        status=DisputeStatus.OPEN,
        happened_at=told.created_at,
        deadline=_end_of_day(told.created_at + timedelta(days=_DAYS)),
    )


def advanced_dispute(dispute: Dispute, to: DisputeStatus, now: datetime) -> Notice:
    """What the bank says when it is told to go on with ``to``, whoever opened the dispute."""
    more = to is DisputeStatus.EVIDENCE_REQUIRED
    return Notice(
        source=dispute.source,
        environment=dispute.environment,
        psp_id=dispute.psp_id,
        payment_ids=(dispute.payment_id,),
        amount=dispute.amount,
        reason=dispute.reason,
        status=to,
        happened_at=max(now, dispute.last.at + timedelta(microseconds=1)),
        deadline=_end_of_day(now + timedelta(days=_MORE_DAYS)) if more else None,
    )


def _end_of_day(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time(23, 59, 59), moment.tzinfo)
