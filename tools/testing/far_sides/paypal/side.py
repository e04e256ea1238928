"""The simulated PayPal as a far side of connectors: two businesses, and buyers who agree."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from shared.domain.payment import Payment
from tools.testing.fakes import FixedClock
from tools.testing.far_sides.paypal.books import Business, Order
from tools.testing.far_sides.paypal.server import DECLINED, PayPalAcquirer
from tools.testing.far_sides.shops import TwoShops, booked
from tools.testing.far_sides.side import CardBook

_clients = count(1)


class PayPalSide(TwoShops):
    """The port ``CardFarSide``. ``make`` makes the acquirer of its businesses."""

    def __init__(self, make: Callable[..., PayPalAcquirer] = PayPalAcquirer) -> None:
        self._stands: dict[str, bool] = {}
        # No two have a client in common, so that none is met with a token that another gave.
        own, other = (Business(f"{name}Client{next(_clients)}") for name in ("AOwn", "BOther"))
        self.acquirer = make(own, other)
        known = [
            {"api_base": self.acquirer.origin, "client_id": one.client_id, "client_secret": one.secret}
            for one in (own, other)
        ]
        super().__init__(self.acquirer, "paypal", known[0], known[1], FixedClock())

    @property
    def business(self) -> Business:
        return self.acquirer.business

    def approve(self, payment: Payment) -> bool:
        return self.business.agreed(payment.page_id)

    def approve_holding_on(self, payment: Payment) -> bool:
        return False  # a last capture lets go of the rest

    def approve_another_amount(self, payment: Payment) -> bool:
        return False  # the buyer agrees to the order as it is

    def agree(self, payment: Payment) -> bool:
        return self.approve(payment)

    def hesitate(self, payment: Payment, *, approves: bool) -> bool:
        return False  # it decides when we ask for the money

    def approve_booked_later(self, payment: Payment, *, stands: bool) -> bool:
        self._stands[payment.page_id] = stands
        self.business.captures_wait = True
        return self.approve(payment)

    def decide(self, payment: Payment) -> None:
        self.business.settled(self.business.order(payment.page_id), stands=self._stands.pop(payment.page_id))

    def decline(self, payment: Payment) -> bool:
        return self.business.agreed(payment.page_id, DECLINED)

    def leave(self, payment: Payment) -> bool:
        return False  # it only leads the browser back

    def accepts_refunds(self) -> None:
        self.business.refunds_wait = True

    def decides_refunds(self, *, stands: bool) -> None:
        for order in self.business.orders.values():
            self.business.settled(order, stands=stands)

    def let_go(self, payment: Payment) -> None:
        self.business.let_go(self.business.order(payment.page_id))

    def book(self, payment: Payment) -> CardBook:
        unit = 100 if payment.amount.currency == "JPY" else 1  # the books count every currency in hundredths
        orders = self._orders(payment)
        return booked(payment, ((one.held // unit, one.taken // unit, one.refunded // unit) for one in orders))

    def _orders(self, payment: Payment) -> list[Order]:
        known = [order for business in self.acquirer.businesses for order in business.orders.values()]
        return [order for order in known if order.custom_id == payment.id]
