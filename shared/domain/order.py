"""An order: an amount that one of several tries pays, once."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.errors import Conflict, IllegalTransition, TooManyTries
from shared.domain.ids import CustomerId, MerchantId, OrderId, PaymentId
from shared.domain.money import Money
from shared.domain.payment import PAID, Environment, Payment
from shared.domain.record import dataclass
from shared.domain.statuses import OrderStatus

MOST_TRIES: Final = 20  # payments of one order; together with the cards of each this bounds guessing
LOOK_AGAIN: Final = timedelta(minutes=1)


class OrderBusy(Conflict):
    """One try of the order is under way; ``payment_id`` says which."""

    code = "order_busy"

    def __init__(self, payment_id: PaymentId) -> None:
        super().__init__("a payment of this order is in progress")
        self.payment_id = payment_id


@dataclass(frozen=True, slots=True)
class Order:
    """``status`` is what was recorded; ``status_at`` is what holds. ``version`` guards every write.

    ``attempt`` names the one payment that may pay it now. ``updated_at`` moves only with what is shown.
    """

    id: OrderId
    merchant_id: MerchantId
    merchant_name: str
    environment: Environment
    customer_id: CustomerId
    amount: Money
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    family: str
    status: OrderStatus = OrderStatus.ACTIVE
    reference: str = ""  # the merchant's own number of it
    family_data: dict[str, str] = field(default_factory=dict)  # that family's alone; nothing else reads it
    attempt: PaymentId | None = None
    tries: int = 0
    paid_by: PaymentId | None = None
    due_at: datetime | None = None  # when housekeeping looks again
    sequence: int = 0  # number of events told so far
    version: int = 0

    def is_over(self, now: datetime) -> bool:
        return now >= self.expires_at

    def status_at(self, now: datetime, payment: Payment | None = None) -> OrderStatus:
        """One that nobody has marked expired yet is expired all the same, unless its try is still under way.

        ``payment`` is the order's present try, as far as it was read; what was not read is taken to be under way.
        """
        if self.status is not OrderStatus.ACTIVE:
            return self.status
        if payment is not None and payment.id == self.attempt and payment.status in PAID:
            return OrderStatus.PAID
        under_way = self.attempt is not None and (payment is None or not payment.is_final)
        return OrderStatus.EXPIRED if self.is_over(now) and not under_way else OrderStatus.ACTIVE

    def tried_by(self, payment: Payment) -> Order:
        """This order while ``payment`` is its try; looked at again when that should have come to its end."""
        looked_at = min(self.expires_at, payment.expires_at + LOOK_AGAIN)
        return replace(self, attempt=payment.id, tries=self.tries + 1, due_at=looked_at)

    def after(self, payment: Payment, now: datetime) -> Order | None:
        """This order as its try left it: paid, or free for the next. None when ``payment`` says nothing about it."""
        if self.status is not OrderStatus.ACTIVE or payment.id != self.attempt or not payment.is_final:
            return None
        if payment.status not in PAID:
            return replace(self, attempt=None, due_at=self.expires_at)
        return replace(self, status=OrderStatus.PAID, attempt=None, paid_by=payment.id, updated_at=now, due_at=None)

    def expired(self, now: datetime) -> Order | None:
        """This order when its time is up; None while it is not, or a try is under way."""
        if self.status is not OrderStatus.ACTIVE or self.attempt is not None or not self.is_over(now):
            return None
        return replace(self, status=OrderStatus.EXPIRED, updated_at=now, due_at=None)

    def told(self) -> Order:
        return replace(self, sequence=self.sequence + 1)


def check_payable(order: Order, now: datetime) -> None:
    """Raises, saying why, unless a payment of this order may begin; its last try was looked at before."""
    if order.status is OrderStatus.PAID:
        raise IllegalTransition("the order has been paid already", code="order_paid")
    if order.attempt is not None:
        raise OrderBusy(order.attempt)
    if order.status_at(now) is OrderStatus.EXPIRED:
        raise IllegalTransition("the order has expired", code="order_expired")
    if order.tries >= MOST_TRIES:
        raise TooManyTries("this order was tried too often; make another")
