"""Method providers: whoever takes the money of a payment that is not by card, and says so later."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from shared.domain.record import dataclass

if TYPE_CHECKING:
    from shared.domain.money import Money
    from shared.domain.operation import Answer, Operation
    from shared.domain.payment import Payment


@dataclass(frozen=True, slots=True)
class Begun:
    """What the customer pays with. ``reference`` stands on a slip; ``redirect_url`` is where a bank takes over.

    ``handle`` is what the connector finds it by again, where that is no ``reference`` of it; it is never shown.

    ``expires_at`` is the provider's own deadline, which may be sooner than the one it was told.
    """

    reference: str
    redirect_url: str | None
    expires_at: datetime
    handle: str = ""


class MethodState(StrEnum):
    OPEN = "OPEN"  # nothing was begun
    PENDING = "PENDING"
    ARRIVING = "ARRIVING"  # paid, and on its way: nobody calls it back, and its time is not over
    PAID = "PAID"
    REJECTED = "REJECTED"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


OVER = frozenset({MethodState.REJECTED, MethodState.FAILED, MethodState.EXPIRED})


@dataclass(frozen=True, slots=True)
class Receipt:
    """One arrival of money. ``number`` is the provider's own of it, the same however often it is told."""

    number: str
    amount: Money


@dataclass(frozen=True, slots=True)
class MethodOutcome:
    """What became of a payment at its provider. ``received`` is all money that came, early, late or in parts.

    Money is counted, not words: PAID without receipts that cover what is due pays nothing. ``closed`` is the
    provider's word that it takes no more for this payment.
    """

    state: MethodState
    code: str = ""
    message: str = ""
    reference: str | None = None
    received: tuple[Receipt, ...] = ()
    closed: bool = False


class MethodProvider(Protocol):
    """One provider of methods. Which method, for how long and who pays is in the payment.

    There is no hold, no capture and no card page. ``begin`` and ``close`` move no money and are idempotent by our id.
    ``refund`` is an operation of the journal: its key has at most one effect. Each call raises Unavailable when it
    surely had no effect and OutcomeUnknown when it may have had one.
    """

    def begin(self, payment: Payment) -> Begun:
        """Make what the customer pays with; of many calls the same, also when it is paid by then.

        Raises Refused, and then nothing was begun under the choice's ``begun_at``, or nothing of it can be paid.
        """
        ...

    def outcome(self, payment: Payment) -> MethodOutcome: ...

    def close(self, payment: Payment) -> MethodOutcome:
        """Take no more money for it, begun or not; returns what it came to until now.

        A provider that cannot call a slip back answers as ``outcome`` does, without ``closed``.
        """
        ...

    def refund(self, payment: Payment, operation: Operation) -> Answer:
        """Give money back. REFUSED with code "refund_not_supported" where a method only takes it."""
        ...

    def lookup(self, payment: Payment, operation: Operation) -> Answer | None:
        """What became of the refund with the operation's key; None when it never arrived."""
        ...
