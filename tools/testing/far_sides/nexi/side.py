"""The simulated Nexi as a far side of connectors: two shops with a terminal each, and customers."""

from __future__ import annotations

from collections.abc import Callable

from shared.domain.payment import Payment
from tools.testing.fakes import FixedClock
from tools.testing.far_sides.nexi.api import BASE
from tools.testing.far_sides.nexi.books import APPROVED, DECLINES, Order, Terminal
from tools.testing.far_sides.nexi.server import NexiAcquirer
from tools.testing.far_sides.shops import TwoShops, booked
from tools.testing.far_sides.side import CardBook


class NexiSide(TwoShops):
    """The port ``CardFarSide``. ``make`` makes the acquirer of its terminals."""

    def __init__(self, make: Callable[..., NexiAcquirer] = NexiAcquirer) -> None:
        self._hesitating: dict[str, bool] = {}
        own, other = Terminal(), Terminal("a-key-of-another")
        self.acquirer = make(own, other)
        base = f"{self.acquirer.origin}{BASE}"
        known = [{"api_base": base, "api_key": one.key, "terminal_id": "026404399"} for one in (own, other)]
        super().__init__(self.acquirer, "nexi", known[0], known[1], FixedClock())

    @property
    def terminal(self) -> Terminal:
        return self.acquirer.terminal

    def approve(self, payment: Payment) -> bool:
        return self.terminal.entered(payment.page_id)

    def approve_holding_on(self, payment: Payment) -> bool:
        self.terminal.order(payment.page_id).keeps_rest = True
        return self.approve(payment)

    def approve_another_amount(self, payment: Payment) -> bool:
        return self.terminal.entered(payment.page_id, APPROVED, self.terminal.order(payment.page_id).amount - 100)

    def agree(self, payment: Payment) -> bool:
        return False  # its page holds the money itself

    def hesitate(self, payment: Payment, *, approves: bool) -> bool:
        self._hesitating[payment.page_id] = approves
        return self.terminal.hesitates(payment.page_id)

    def approve_booked_later(self, payment: Payment, *, stands: bool) -> bool:
        return False  # it names its operations by its own numbers alone, so that a lost one cannot be waited for

    def decide(self, payment: Payment) -> None:
        self.terminal.decided(payment.page_id, approves=self._hesitating.pop(payment.page_id))

    def decline(self, payment: Payment) -> bool:
        return self.terminal.entered(payment.page_id, next(iter(DECLINES)))

    def leave(self, payment: Payment) -> bool:
        return False  # it only leads the browser back

    def let_go(self, payment: Payment) -> None:
        for order in self._orders(payment):
            self.terminal.let_go(order)

    def book(self, payment: Payment) -> CardBook:
        return booked(payment, ((one.held, one.taken, one.refunded) for one in self._orders(payment)))

    def _orders(self, payment: Payment) -> list[Order]:
        known = [order for terminal in self.acquirer.terminals for order in terminal.orders.values()]
        return [order for order in known if order.custom_field == payment.id]
