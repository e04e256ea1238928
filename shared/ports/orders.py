"""Orders' storage, and the merchants' own numbers of what they make."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from shared.domain.record import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shared.domain.event import Event
    from shared.domain.ids import CustomerId, MerchantId, OrderId
    from shared.domain.order import Order
    from shared.domain.payment import Environment
    from shared.domain.statuses import OrderStatus
    from shared.ports.numbered import Listed, NumberedPage
    from shared.ports.payments import Change


class Numbered(StrEnum):
    """What a merchant gives numbers of its own to."""

    ORDER = "order"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class OrderChange:
    """One atomic write: the order, its events, and the try that begins with it.

    The order is guarded by the version it was read with. ``attempt`` makes a new payment, whose ``reference`` is
    taken with it.
    """

    order: Order
    events: Sequence[Event] = ()
    attempt: Change | None = None


class Orders(Protocol):
    """A merchant's own number names one order, and one payment, for ever: only what was made takes it."""

    def get(self, order_id: OrderId) -> Order:
        """The order as it is now (consistent read). Raises NotFound."""
        ...

    def create(self, order: Order) -> None:
        """Write a new order. Raises Conflict (``order_reference_taken``) when its number is another one's."""
        ...

    def save(self, change: OrderChange) -> Order | None:
        """Write all of ``change`` or nothing; stores the order's version + 1.

        None when written, else the newer order. Raises Conflict (``payment_reference_taken``) when the try's
        number is another payment's.
        """
        ...

    def by_reference(
        self, merchant_id: MerchantId, environment: Environment, kind: Numbered, reference: str
    ) -> str | None:
        """The id of what a merchant gave this number to (consistent read)."""
        ...

    def of_merchant(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        page: NumberedPage,
        now: datetime,
        *,
        customer_id: CustomerId | None = None,
        status: OrderStatus | None = None,
    ) -> Listed[Order]:
        """A merchant's orders, all or those of a customer, or in a status as it holds ``now``."""
        ...

    def due(self, now: datetime, limit: int) -> list[OrderId]:
        """Orders whose ``due_at`` has passed, oldest first (eventually consistent)."""
        ...
