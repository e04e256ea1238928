"""The simulated Shift4 as a far side of connectors: two accounts, and customers whose browsers make tokens."""

from __future__ import annotations

from collections.abc import Callable

from shared.domain.payment import Payment
from tools.testing.fakes import FixedClock
from tools.testing.far_sides.shift4.books import APPROVED, DECLINES, Account, Charge
from tools.testing.far_sides.shift4.server import Shift4Acquirer
from tools.testing.far_sides.shops import TwoShops, booked
from tools.testing.far_sides.side import CardBook

DECLINED = next(number for number, code in DECLINES.items() if code == "insufficient_funds")


class Shift4Side(TwoShops):
    """The port ``CardFarSide``. ``make`` makes the acquirer of its accounts."""

    pages_are_ours = True

    def __init__(self, make: Callable[..., Shift4Acquirer] = Shift4Acquirer) -> None:
        clock = FixedClock()
        own, other = Account(now=clock), Account("pk_test_AnotherShop", "sk_test_AnotherShop", clock)
        self.acquirer, self.clock = make(own, other), clock
        known = [
            {
                "api_base": self.acquirer.origin,
                "public_key": one.public,
                "secret_key": one.secret,
                "script_url": self.acquirer.script,
                "capture_then_refund": "true",
            }
            for one in (own, other)
        ]
        super().__init__(self.acquirer, "shift4", known[0], known[1], clock)

    @property
    def account(self) -> Account:
        return self.acquirer.account

    def approve(self, payment: Payment) -> bool:
        return self._typed(payment, APPROVED)

    def approve_holding_on(self, payment: Payment) -> bool:
        return False  # a capture takes the whole hold

    def approve_another_amount(self, payment: Payment) -> bool:
        return False  # the amount is ours to say

    def agree(self, payment: Payment) -> bool:
        return self.approve(payment)

    def hesitate(self, payment: Payment, *, approves: bool) -> bool:
        return False  # it decides when we ask for the money

    def approve_booked_later(self, payment: Payment, *, stands: bool) -> bool:
        return False  # a capture is done when it is answered

    def decide(self, payment: Payment) -> None:
        """Nobody waits for it."""

    def decline(self, payment: Payment) -> bool:
        return self._typed(payment, DECLINED)

    def leave(self, payment: Payment) -> bool:
        return False  # it only leads the browser back

    def accepts_refunds(self) -> None:
        self.account.refunds_wait = True

    def decides_refunds(self, *, stands: bool) -> None:
        self.account.settled(stands=stands)

    def let_go(self, payment: Payment) -> None:
        for one in self._charges(payment):
            self.account.let_go(one)

    def book(self, payment: Payment) -> CardBook:
        return booked(payment, ((one.held, one.taken, one.refunded) for one in self._charges(payment)))

    def _typed(self, payment: Payment, number: str) -> bool:
        """The browser makes a token and hands it over, as the page does: it stands in the page's handle then."""
        page = payment.card_page
        if page is None or "token" in page.handle:
            return False
        page.handle.update(token=self.account.tokenized(number).id, at=str(int(self.clock().timestamp())))
        return True

    def _charges(self, payment: Payment) -> list[Charge]:
        known = [one for account in self.acquirer.accounts for one in account.charges.values()]
        return [one for one in known if one.metadata.get("transactionId") == payment.id]
