"""A dispute: what a customer's bank takes back for now, who decides, and until when the merchant may answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.domain.errors import IllegalTransition
from shared.domain.ids import DisputeId, MerchantId, PaymentId
from shared.domain.money import Money
from shared.domain.payment import Environment, Payment

URGENT: Final = timedelta(days=3)
MOST_RESPONSES: Final = 20
MOST_TURNS: Final = 100


class Source(StrEnum):
    """Whose word we have it from."""

    IGFS = "IGFS"
    STRIPE = "STRIPE"
    PAYPAL = "PAYPAL"
    SHIFT4 = "SHIFT4"
    SANDBOX = "SANDBOX"


class DisputeStatus(StrEnum):
    OPEN = "OPEN"
    EVIDENCE_REQUIRED = "EVIDENCE_REQUIRED"
    UNDER_REVIEW = "UNDER_REVIEW"
    CANCELLED = "CANCELLED"
    WON = "WON"
    LOST = "LOST"
    EXPIRED = "EXPIRED"


_S = DisputeStatus
AWAITING: Final = frozenset({_S.OPEN, _S.EVIDENCE_REQUIRED})  # the merchant's answer
AT_RISK: Final = AWAITING | {_S.UNDER_REVIEW}
CLOSED: Final = frozenset({_S.CANCELLED, _S.WON, _S.LOST, _S.EXPIRED})
GIVEN_BACK: Final = frozenset({_S.CANCELLED, _S.WON})  # the merchant keeps the money
TAKEN: Final = frozenset({_S.LOST, _S.EXPIRED})
# Of two messages of one moment, the one further on counts.
_RANK: Final = {status: number for number, status in enumerate(DisputeStatus)}


class Reason(StrEnum):
    FRAUDULENT = "FRAUDULENT"
    PRODUCT_NOT_RECEIVED = "PRODUCT_NOT_RECEIVED"
    PRODUCT_UNACCEPTABLE = "PRODUCT_UNACCEPTABLE"
    DUPLICATE = "DUPLICATE"
    SUBSCRIPTION_CANCELLED = "SUBSCRIPTION_CANCELLED"
    CREDIT_NOT_PROCESSED = "CREDIT_NOT_PROCESSED"
    GENERAL = "GENERAL"


DESCRIPTIONS: Final = {
    Reason.FRAUDULENT: "Customer claims unauthorized charge",
    Reason.PRODUCT_NOT_RECEIVED: "Customer didn't receive goods/services",
    Reason.PRODUCT_UNACCEPTABLE: "Product differs from description",
    Reason.DUPLICATE: "Customer charged multiple times",
    Reason.SUBSCRIPTION_CANCELLED: "Customer cancelled but still charged",
    Reason.CREDIT_NOT_PROCESSED: "Refund not received",
    Reason.GENERAL: "Other/unspecified reason",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One message of a PSP about a dispute, in our words. ``payment_ids`` are what it may mean by its transaction.

    ``reopens`` is the PSP's own word that a decided dispute begins anew.
    """

    source: Source
    environment: Environment
    psp_id: str
    payment_ids: tuple[str, ...]
    amount: Money
    reason: Reason
    status: DisputeStatus
    happened_at: datetime  # by the PSP's clock
    deadline: datetime | None = None
    reopens: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file the merchant may upload, or has. ``size`` is what was announced, in bytes."""

    id: str
    name: str
    content_type: str
    size: int
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class Response:
    text: str
    evidence: tuple[str, ...]  # ids of uploaded files
    at: datetime


class Actor(StrEnum):
    PSP = "PSP"
    MERCHANT = "MERCHANT"
    CLOCK = "CLOCK"


@dataclass(frozen=True, slots=True)
class Turn:
    """One change of the status, by our clock."""

    status: DisputeStatus
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Dispute:
    """``told`` is what PSP and merchant have said; ``status`` adds the clock, and is what was counted and told.

    ``held`` are the minor units of the payment's currency that no refund may give back meanwhile, or ever.
    """

    id: DisputeId
    merchant_id: MerchantId
    environment: Environment
    payment_id: PaymentId
    source: Source
    psp_id: str
    amount: Money
    reason: Reason
    status: DisputeStatus
    told: DisputeStatus
    told_at: datetime
    facts_at: datetime  # when amount and reason were said last
    created_at: datetime
    deadline: datetime | None = None
    deadline_at: datetime | None = None  # when it was said last
    held: int = 0
    reopened_at: datetime | None = None
    responses: tuple[Response, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    turns: tuple[Turn, ...] = ()
    notify_url: str | None = None
    sequence: int = 0  # number of events told so far
    version: int = 0

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED

    @property
    def due_at(self) -> datetime | None:
        """When the clock has something to do."""
        return self._ends_at if self.status in AWAITING else None

    @property
    def _ends_at(self) -> datetime | None:
        """When it is lost unless it is answered. A deadline from before the bank asked is none for its question."""
        asked_later = self.told is DisputeStatus.EVIDENCE_REQUIRED and self.deadline_at != self.told_at
        outdated = asked_later and self.deadline is not None and self.deadline <= self.told_at
        return None if self.told not in AWAITING or outdated else self.deadline

    def status_at(self, now: datetime) -> DisputeStatus:
        """An unanswered dispute whose deadline has passed is expired, whether anybody has written so or not."""
        over = self._ends_at is not None and now >= self._ends_at
        return DisputeStatus.EXPIRED if over else self.told

    def moved(self, by: Actor, now: datetime) -> Dispute:
        """This dispute with the status that holds now; a change of it is put down in its history."""
        status = self.status_at(now)
        if status is self.status and self.turns:
            return self
        turns = (*self.turns, Turn(status, by, now))[-MOST_TURNS:]
        return replace(self, status=status, turns=turns)

    def days_left(self, now: datetime) -> int | None:
        """Whole days until the deadline, never negative."""
        return None if self.deadline is None else max((self.deadline - now).days, 0)

    def is_urgent(self, now: datetime) -> bool:
        waits = self.status_at(now) in AWAITING
        return waits and self.deadline is not None and self.deadline - now < URGENT


def opened(notice: Notice, dispute_id: DisputeId, payment: Payment, now: datetime) -> Dispute:
    """The dispute that the first message we hear of makes, whichever of its messages that is."""
    dispute = Dispute(
        id=dispute_id,
        merchant_id=payment.merchant_id,
        environment=payment.environment,
        payment_id=payment.id,
        source=notice.source,
        psp_id=notice.psp_id,
        amount=notice.amount,
        reason=notice.reason,
        status=notice.status,
        told=notice.status,
        told_at=notice.happened_at,
        facts_at=notice.happened_at,
        created_at=now,
        deadline=notice.deadline,
        deadline_at=notice.happened_at if notice.deadline else None,
        reopened_at=notice.happened_at if notice.reopens else None,
        notify_url=payment.notify_url,
    )
    return _holding(dispute.moved(Actor.PSP, now), payment)


def heard(dispute: Dispute, notice: Notice, payment: Payment, now: datetime) -> Dispute:
    """The dispute after one more message. The same set of messages leads to the same state in any order.

    A decision counts over everything that is none, whenever it was sent; of two decisions or two other
    messages the later by the PSP's clock counts, then the one further on. ``OPEN`` is where a dispute begins
    and takes nothing back. A decided dispute begins anew only with a later message that ``reopens`` it.
    """
    at, changed = notice.happened_at, dispute
    if at > dispute.facts_at:
        changed = replace(changed, amount=notice.amount, reason=notice.reason, facts_at=at)
    if notice.deadline and (dispute.deadline_at is None or at > dispute.deadline_at):
        changed = replace(changed, deadline=notice.deadline, deadline_at=at)
    begins = notice.reopens and at > dispute.told_at and (dispute.reopened_at is None or at > dispute.reopened_at)
    if begins:
        changed = replace(changed, reopened_at=at)
    outdated = dispute.reopened_at is not None and at < dispute.reopened_at
    weighs_more = _weight(notice.status, at) > _weight(dispute.told, dispute.told_at)
    if begins or (weighs_more and not outdated):
        changed = replace(changed, told=notice.status, told_at=at)
    return _holding(changed.moved(Actor.PSP, now), payment)


def responded(dispute: Dispute, response: Response, now: datetime) -> Dispute:
    """Under review from now on. Raises IllegalTransition when no answer is awaited."""
    status = dispute.status_at(now)
    if status in CLOSED:
        raise IllegalTransition(f"the dispute is closed ({status})", code="dispute_closed")
    if status not in AWAITING:
        raise IllegalTransition("the dispute is under review already", code="dispute_under_review")
    if len(dispute.responses) >= MOST_RESPONSES:
        raise IllegalTransition(f"a dispute takes at most {MOST_RESPONSES} responses", code="too_many_responses")
    told = replace(
        dispute,
        responses=(*dispute.responses, response),
        told=DisputeStatus.UNDER_REVIEW,
        # Not before the message it answers, should the PSP's clock be ahead of ours.
        told_at=max(now, dispute.told_at),
    )
    return told.moved(Actor.MERCHANT, now)


def _weight(status: DisputeStatus, at: datetime) -> tuple[int, datetime, int]:
    if status is DisputeStatus.OPEN:
        return 0, datetime.min.replace(tzinfo=at.tzinfo), 0
    return (2 if status in CLOSED else 1), at, _RANK[status]


def _holding(dispute: Dispute, payment: Payment) -> Dispute:
    if dispute.told in GIVEN_BACK:
        return replace(dispute, held=0)
    # In another currency the amounts cannot be compared: then the whole payment is held.
    same = dispute.amount.currency == payment.amount.currency
    return replace(dispute, held=dispute.amount.minor if same else payment.amount.minor)
