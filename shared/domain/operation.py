"""One call that moves or reserves money, written down before it is sent and closed after."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.authentication import Proof
from shared.domain.decline import Decline
from shared.domain.money import Money
from shared.domain.record import dataclass

# Longer than any handler may run: a PENDING operation older than this belongs to nobody any more.
HANDLER_TIMEOUT = timedelta(seconds=60)
FIRST_WAIT_SECONDS = 2
LONGEST_WITHOUT_A_PERSON = timedelta(hours=24)  # that a gateway which can be asked does not know either
LONGEST_WAIT_SECONDS = 3600


RETURNED = "returned"  # how the key of the operation ends that says that a bank sent an accepted charge back
DIFFERENCE = "difference"  # the number of the refund of what was captured beyond what was owed


class Kind(StrEnum):
    PREAUTH = "PREAUTH"
    CAPTURE = "CAPTURE"
    VOID = "VOID"
    SALE = "SALE"
    REFUND = "REFUND"
    RECEIPT = "RECEIPT"  # money that came by a method; as much of it as was due is the SALE
    VOUCHER_VALIDATE = "VOUCHER_VALIDATE"
    VOUCHER_SPEND = "VOUCHER_SPEND"
    VOUCHER_NOTIFY = "VOUCHER_NOTIFY"
    VOUCHER_REVERSE = "VOUCHER_REVERSE"
    # Of a dispute, and in no payment's journal: what a merchant says to it, and that it gives the money up.
    DISPUTE_ANSWER = "DISPUTE_ANSWER"
    DISPUTE_ACCEPTANCE = "DISPUTE_ACCEPTANCE"


class State(StrEnum):
    PENDING = "PENDING"  # written, perhaps sent
    UNKNOWN = "UNKNOWN"  # sent, answer lost
    SUCCEEDED = "SUCCEEDED"
    REFUSED = "REFUSED"


TROUBLES_NOBODY = frozenset({Kind.VOUCHER_NOTIFY, Kind.VOUCHER_VALIDATE})
OPEN = frozenset({State.PENDING, State.UNKNOWN})
# A payment goes on with what is only accepted of these; of every other kind that is no answer yet.
GOES_ON = frozenset({Kind.CAPTURE, Kind.SALE})


def as_long_again(since: datetime, now: datetime) -> int:
    """Seconds until what has not been done ``since`` is tried again: waits double, however many try at once."""
    return min(max(int((now - since).total_seconds()), FIRST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway or provider said about one operation."""

    state: State
    code: str = ""
    message: str = ""
    reference: str | None = None  # the other side's own number; what stands on this operation is named by it there
    final: bool = True  # False: accepted, and settled later: asked about until it is
    for_a_person: bool = False  # of UNKNOWN: the other side answers no such question
    left: Money | None = None  # of a capture: what stays held there and is to be released by a call of its own
    auth_code: str | None = None  # the issuer's, of a hold or sale
    reason: Decline | None = None  # why a card was declined, in our words
    proof: Proof | None = None  # of what took a card
    url: str = field(default="", repr=False)  # of UNKNOWN: where the bank of the card's holder waits for them
    reversible_until: datetime | None = None  # of a spent voucher: from then on it cannot go back; None: nobody said

    @property
    def succeeded(self) -> bool:
        return self.state is State.SUCCEEDED


@dataclass(frozen=True, slots=True)
class Operation:
    """``key`` is deterministic (``"{payment}:{kind}:{n}"``) and is the other side's idempotency key too."""

    key: str
    kind: Kind
    amount: Money
    state: State
    started_at: datetime
    closed_at: datetime | None = None
    code: str = ""
    message: str = ""
    reference: str | None = None
    voucher: str | None = None  # the voucher's reference, for VOUCHER_* operations
    asks: int = 0  # how often we asked about a lost answer
    asked_at: datetime | None = None  # when an answer was missed last
    taken_at: datetime | None = None  # when a later visit took it up; its answer clears this
    auth_code: str | None = None  # the issuer's, of a hold or sale
    provisional: bool = False  # accepted by the other side, which settles it later
    for_a_person: bool = False  # nobody but a person can find out what became of it
    proof: Proof | None = None  # of what took a card: how its holder was authenticated, who bears the risk
    reversible_until: datetime | None = None  # of a spent voucher, as its issuer said: from then on it cannot go back

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_difference(self) -> bool:
        """Whether it gives back what was captured beyond what the card owed."""
        return self.kind is Kind.REFUND and self.key.rpartition(":")[2].startswith(DIFFERENCE)

    @property
    def is_returned(self) -> bool:
        """Whether it says that a charge which its gateway had accepted was sent back by the bank."""
        return self.kind is Kind.REFUND and self.key.endswith(f":{RETURNED}")

    @property
    def sent_before(self) -> bool:
        """Whether an earlier visit may have sent it: refused because it is there already, it is done."""
        return self.asks > 0 or self.taken_at is not None

    def is_someone_elses(self, now: datetime) -> bool:
        """Written or taken up moments ago by a call that may still be running."""
        since = self.taken_at or (self.started_at if self.state is State.PENDING else None)
        return self.is_open and since is not None and now - since < HANDLER_TIMEOUT

    def closed(self, answer: Answer, now: datetime) -> Operation:
        """This operation with its answer. A final state is never overwritten."""
        if not self.is_open:
            return self
        accepted_only = answer.succeeded and not answer.final
        if answer.state in OPEN or (accepted_only and self.kind not in GOES_ON):
            asked = replace(self, asks=self.asks + 1, asked_at=now, taken_at=None)
            return replace(asked, state=State.UNKNOWN, for_a_person=self.for_a_person or answer.for_a_person)
        return replace(
            self,
            state=answer.state,
            closed_at=now,
            code=answer.code,
            message=answer.message,
            reference=answer.reference or self.reference,
            auth_code=answer.auth_code or self.auth_code,
            proof=answer.proof or self.proof,
            reversible_until=answer.reversible_until,
            provisional=accepted_only,
            asked_at=None,
            taken_at=None,
        )

    def needs_a_person(self, now: datetime) -> bool:
        """Whether its answer is missing, and nobody but a person will bring it."""
        if self.state is not State.UNKNOWN or self.kind in TROUBLES_NOBODY:
            return False
        return self.for_a_person or now - self.started_at >= LONGEST_WITHOUT_A_PERSON

    @property
    def wait_seconds(self) -> int:
        """How long to wait after the answer that was missed last; 0 for one that nobody has missed yet."""
        return as_long_again(self.started_at, self.asked_at) if self.asked_at else 0
