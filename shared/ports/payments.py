"""The payment's storage, as the use cases need it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from shared.domain.record import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shared.domain.event import Event
    from shared.domain.ids import MerchantId, PaymentId, RefundId
    from shared.domain.operation import Kind
    from shared.domain.payment import Environment, Payment, Status, Wait
    from shared.domain.psp_reference import PspReference
    from shared.domain.refund import Refund, RefundStatus
    from shared.domain.sought import Sought
    from shared.ports.idempotency import Claim
    from shared.ports.numbered import Listed, NumberedPage


@dataclass(frozen=True, slots=True)
class Change:
    """One atomic write: the payment (guarded by the version it was read with), refunds and events of it.

    ``answered`` is the Idempotency-Key of the call with the answer that this write makes true. ``uses_card``
    counts one use of the payment's saved card. ``references`` are the numbers of other sides that the change brought.
    """

    payment: Payment
    events: Sequence[Event] = ()
    refunds: Sequence[Refund] = ()
    answered: Claim | None = None
    uses_card: bool = False
    references: frozenset[PspReference] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which payments of a family are listed; None and an empty set leave none out.

    ``of`` is the order or link that a payment pays, ``of_prefix`` what the id of that begins with.
    """

    family: str
    statuses: frozenset[Status] = frozenset()
    customer_id: str | None = None
    of: str | None = None
    of_prefix: str | None = None
    currency: str | None = None

    def fits(self, payment: Payment) -> bool:
        of = payment.order_id or payment.link_id or ""
        return (
            payment.family == self.family
            and (not self.statuses or payment.status in self.statuses)
            and self.customer_id in (None, payment.customer_id)
            and self.of in (None, of)
            and of.startswith(self.of_prefix or "")
            and self.currency in (None, payment.amount.currency)
        )


@dataclass(frozen=True, slots=True)
class WantedRefunds:
    """Which refunds of a family's payments are listed; None leaves none out."""

    family: str
    payment_id: PaymentId | None = None
    status: RefundStatus | None = None

    def fits(self, refund: Refund) -> bool:
        return self.payment_id in (None, refund.payment_id) and self.status in (None, refund.status)


class Payments(Protocol):
    def get(self, payment_id: PaymentId) -> Payment:
        """The payment as it is now (consistent read). Raises NotFound."""
        ...

    def create(self, change: Change) -> Payment | None:
        """Write a new payment with its events. Returns None when created, else the payment already there."""
        ...

    def save(self, change: Change) -> Payment | None:
        """Write ``change`` if the stored version is still ``change.payment.version``.

        Stores version + 1. Returns None when written (also when our own earlier try had been), else the
        payment as somebody else left it: decide again on that.
        """
        ...

    def take(self, payment_id: PaymentId, kind: Kind, now: datetime) -> tuple[Payment, bool]:
        """Take up what is ``ready_for`` operations of ``kind``, in one conditional write that also reads.

        True with the payment as ``taken_up`` makes it: its operations are on record as PENDING and this call is
        the only one to send them. False with the payment as it is, unchanged, when it is not ready. Raises NotFound.
        """
        ...

    def park(self, payment_id: PaymentId, wait: Wait, token: str, now: datetime) -> Payment | None:
        """Keep the state machine's task token, unless there is nothing to wait for.

        Kept (None returned) while the status awaits exactly that and ``expires_at`` is ahead and no
        ``ending`` is set. Otherwise nothing is written and the payment is returned.
        """
        ...

    def by_reference(self, reference: PspReference) -> list[PaymentId]:
        """The payments that a connector's other side calls so (consistent read); none where nobody does.

        Acquirers number apart, each for itself: of several, the one of the right merchant and environment is meant.
        """
        ...

    def refunds(self, payment_id: PaymentId) -> list[Refund]:
        """All refunds of a payment, oldest first."""
        ...

    def refund(self, payment_id: PaymentId, refund_id: RefundId) -> Refund:
        """One refund. Raises NotFound."""
        ...

    def refund_by_reference(
        self, merchant_id: MerchantId, environment: Environment, reference: str
    ) -> RefundId | None:
        """The refund that a merchant gave this number to. It names one for ever (consistent read)."""
        ...

    def refunds_of_family(
        self, merchant_id: MerchantId, environment: Environment, wanted: WantedRefunds, page: NumberedPage
    ) -> Listed[Refund]:
        """Refunds of those of a merchant's payments that began in a family of clients, by page number."""
        ...

    def due(self, now: datetime, limit: int) -> list[PaymentId]:
        """Payments whose ``due_at`` has passed, oldest first (eventually consistent)."""
        ...

    def of_merchant(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        *,
        limit: int,
        cursor: str | None,
        sought: Sought | None = None,
    ) -> tuple[list[Payment], str | None]:
        """A merchant's payments, newest first, and the cursor of the next page; ``sought`` narrows them.

        A page may hold fewer than ``limit``, or none, and still have a cursor: so far it was looked. Raises
        InvalidRequest for a cursor that is none.
        """
        ...

    def of_family(
        self, merchant_id: MerchantId, environment: Environment, wanted: Wanted, page: NumberedPage
    ) -> Listed[Payment]:
        """Those of a merchant's payments that began in a family of clients, by page number."""
        ...
