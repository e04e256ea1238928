"""A dispute: what a customer's bank takes back for now, who decides, and until when the merchant may answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.domain.ids import DisputeId, MerchantId, PaymentId
from shared.domain.money import Money
from shared.domain.operation import HANDLER_TIMEOUT, Operation, State
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.domain.statuses import DisputeStatus, Reason, Source

URGENT: Final = timedelta(days=3)
MOST_RESPONSES: Final = 20
MOST_TURNS: Final = 100
SOONEST_AGAIN: Final = timedelta(minutes=1)


_S = DisputeStatus
AWAITING: Final = frozenset({_S.OPEN, _S.EVIDENCE_REQUIRED})  # the merchant's answer
AT_RISK: Final = AWAITING | {_S.UNDER_REVIEW}
CLOSED: Final = frozenset({_S.CANCELLED, _S.WON, _S.LOST, _S.EXPIRED})
GIVEN_BACK: Final = frozenset({_S.CANCELLED, _S.WON})  # the merchant keeps the money
TAKEN: Final = frozenset({_S.LOST, _S.EXPIRED})
# Of two words of one moment, the one further on counts.
_RANK: Final = {status: number for number, status in enumerate(DisputeStatus)}


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

    ``reopens`` is the PSP's own word that a decided dispute begins anew. ``merchant_id``: whose payments it may be
    about, where it came to one merchant's own connector; None: anybody's.
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
    merchant_id: MerchantId | None = None


class Purpose(StrEnum):
    """What a file of evidence shows."""

    RECEIPT = "RECEIPT"
    CUSTOMER_COMMUNICATION = "CUSTOMER_COMMUNICATION"
    SHIPPING = "SHIPPING"
    SERVICE = "SERVICE"
    REFUND_POLICY = "REFUND_POLICY"
    CANCELLATION_POLICY = "CANCELLATION_POLICY"
    SIGNATURE = "SIGNATURE"
    OTHER_CHARGE = "OTHER_CHARGE"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file the merchant may upload, or has. ``size`` is what was announced, in bytes.

    ``version`` is which of its uploads counts: the last one before an answer named the file. None until then.
    """

    id: str
    name: str
    content_type: str
    size: int
    requested_at: datetime
    version: str | None = None
    purpose: Purpose = Purpose.OTHER


@dataclass(frozen=True, slots=True)
class Response:
    """What the merchant says; ``accepts``: it gives the money up.

    ``sending`` is how that goes to the PSP, under its deterministic key; None where a person brings it. ``answers``
    is the word that it is said to, which holds again should the PSP not take it.
    """

    text: str
    evidence: tuple[str, ...]  # ids of uploaded files
    at: datetime
    accepts: bool = False
    sending: Operation | None = None
    answers: Word | None = None

    @property
    def is_under_way(self) -> bool:
        return self.sending is not None and self.sending.is_open


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
class Word:
    """A status that somebody named, and when. For a PSP, by its clock."""

    status: DisputeStatus
    at: datetime
    by: Actor = Actor.PSP

    @property
    def weight(self) -> tuple[int, datetime, int]:
        """The greater counts: the later one. ``OPEN`` is where a dispute begins, and takes nothing back."""
        begins = self.status is DisputeStatus.OPEN
        return (0, datetime.min.replace(tzinfo=self.at.tzinfo), 0) if begins else (1, self.at, _RANK[self.status])


@dataclass(frozen=True, slots=True)
class Dispute:
    """``status`` is what was counted and told last: what PSP and merchant have said, and the clock.

    ``asked`` is the last word that is no decision, ``decided`` the last decision; each is kept beside the other, so
    that it does not matter which of them arrived first. ``held`` are the minor units of ``currency``, the payment's,
    that no refund may give back meanwhile, or ever; ``by_method``: the payment was no card's. Records of before have
    neither.
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
    asked: Word
    facts_at: datetime  # when amount and reason were said last
    created_at: datetime
    deadline: datetime | None = None
    deadline_at: datetime | None = None  # when it was said last
    held: int = 0
    currency: str = ""
    by_method: bool = False
    decided: Word | None = None
    reopened_at: datetime | None = None
    responses: tuple[Response, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    turns: tuple[Turn, ...] = ()
    notify_url: str | None = None
    sequence: int = 0  # number of events told so far
    version: int = 0

    @property
    def last(self) -> Word:
        """The word that counts: a decision, unless the dispute began anew after it."""
        if self.decided is None or (self.reopened_at is not None and self.decided.at < self.reopened_at):
            return self.asked
        return self.decided

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED

    @property
    def lost(self) -> int:
        """What of ``held`` is the customer's, as far as anybody has said; the clock ends what nobody answers."""
        return self.held if self.status in TAKEN else 0

    @property
    def due_at(self) -> datetime | None:
        """When the clock has something to do."""
        moments = (self._ends_at if self.status in AWAITING else None, self.send_at)
        return min((moment for moment in moments if moment is not None), default=None)

    @property
    def under_way(self) -> int | None:
        """The place of the oldest answer of which the PSP has not said whether it takes it."""
        return next((n for n, response in enumerate(self.responses) if response.is_under_way), None)

    @property
    def send_at(self) -> datetime | None:
        """When the answer that is under way is sent, or its PSP asked about it: never later than half of the time
        that is left to the deadline, so that what failed once is not late for it."""
        sending = None if self.under_way is None else self.responses[self.under_way].sending
        if sending is None:
            return None
        if sending.taken_at is not None:
            return sending.taken_at + HANDLER_TIMEOUT
        if sending.asked_at is None:
            return sending.started_at
        wait = timedelta(seconds=sending.wait_seconds)
        if self.deadline is not None and self.deadline > sending.asked_at:
            wait = min(wait, max((self.deadline - sending.asked_at) / 2, SOONEST_AGAIN))
        return sending.asked_at + wait

    def lacks_its_answer(self, now: datetime) -> bool:
        """Whether a person has to see to it that the PSP learns what the merchant has said."""
        sending = self.responses[-1].sending if self.responses else None
        if sending is None or self.is_closed:
            return False
        return sending.state is State.REFUSED or sending.needs_a_person(now)

    def place_of(self, file: Evidence) -> str:
        """Where its bytes are."""
        return f"{self.merchant_id}/{self.environment}/{self.id}/{file.id}"

    @property
    def _ends_at(self) -> datetime | None:
        """When it is lost unless it is answered. A deadline from before the bank asked is none for its question."""
        asked_later = self.last.status is DisputeStatus.EVIDENCE_REQUIRED and self.deadline_at != self.last.at
        outdated = asked_later and self.deadline is not None and self.deadline <= self.last.at
        return None if self.last.status not in AWAITING or outdated else self.deadline

    def status_at(self, now: datetime) -> DisputeStatus:
        """An unanswered dispute whose deadline has passed is expired, whether anybody has written so or not."""
        over = self._ends_at is not None and now >= self._ends_at
        return DisputeStatus.EXPIRED if over else self.last.status

    def status_by(self, now: datetime) -> Actor:
        """Whose word ``status_at`` is. An answer is the merchant's own until its PSP has said something after it."""
        return self.last.by if self.status_at(now) is self.last.status else Actor.CLOCK

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
