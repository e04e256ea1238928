"""The simulated IGFS acquirer as a far side of connectors: two shops with a terminal each, and customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shared.domain.payment import Payment
from tools.testing.fakes import FixedClock
from tools.testing.far_sides.igfs.books import PENDING, UNDECIDED, Order, Terminal
from tools.testing.far_sides.igfs.server import IgfsAcquirer
from tools.testing.far_sides.shops import APPROVED, TwoShops, booked
from tools.testing.far_sides.side import CardBook

_DECLINED: Final = "4000000000000002"


class IgfsSide(TwoShops):
    """The port ``CardFarSide``. ``make`` makes the acquirer of its terminals."""

    def __init__(self, make: Callable[..., IgfsAcquirer] = IgfsAcquirer) -> None:
        self._hesitating: dict[str, bool] = {}
        own, other = Terminal(), Terminal("UNI_OTHER", "OTHER_TESTKEY")
        self.acquirer = make(own, other)
        known = [{"server_url": self.acquirer.server_url, "tid": one.tid, "ksig": one.key} for one in (own, other)]
        super().__init__(self.acquirer, "igfs", known[0], known[1], FixedClock())

    def approve(self, payment: Payment) -> bool:
        return self.acquirer.terminal.entered(payment.page_id, APPROVED)

    def approve_holding_on(self, payment: Payment) -> bool:
        self.acquirer.terminal.keeps_rest = True
        return self.approve(payment)

    def approve_another_amount(self, payment: Payment) -> bool:
        return False  # its answers name no amount

    def agree(self, payment: Payment) -> bool:
        return False  # its page holds the money itself

    def hesitate(self, payment: Payment, *, approves: bool) -> bool:
        self.acquirer.terminal.page(payment.page_id).code = UNDECIDED
        self._hesitating[payment.page_id] = approves
        return True

    def approve_booked_later(self, payment: Payment, *, stands: bool) -> bool:
        return False

    def decide(self, payment: Payment) -> None:
        self.acquirer.terminal.page(payment.page_id).code = PENDING
        number = APPROVED if self._hesitating.pop(payment.page_id) else _DECLINED
        self.acquirer.terminal.entered(payment.page_id, number)

    def decline(self, payment: Payment) -> bool:
        return self.acquirer.terminal.entered(payment.page_id, _DECLINED)

    def leave(self, payment: Payment) -> bool:
        return self.acquirer.terminal.left(payment.page_id)

    def signs_wrongly(self, wrong: bool) -> None:
        self.acquirer.wrong_signature = wrong

    def let_go(self, payment: Payment) -> None:
        self.acquirer.terminal.ended(payment.page_id)

    def book(self, payment: Payment) -> CardBook:
        return booked(payment, ((order.held, order.taken, order.refunded) for order in self._orders(payment)))

    def _orders(self, payment: Payment) -> list[Order]:
        """Those of the payment's pages, and of the saved card that was charged for it."""
        charges = {asked["shopID"] for asked in self.acquirer.asked if asked["addInfo1"] == payment.id}
        known = [order for terminal in self.acquirer.terminals.values() for order in terminal.orders.values()]
        return [o for o in known if o.shop_id in charges or o.shop_id.startswith(f"{payment.id}-")]
