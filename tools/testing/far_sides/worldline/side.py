"""The simulated Worldline as a far side of connectors: two shops with a merchant id each, and customers."""

from __future__ import annotations

from collections.abc import Callable

from shared.domain.payment import Payment
from tools.testing.fakes import FixedClock
from tools.testing.far_sides.shops import TwoShops, booked
from tools.testing.far_sides.side import CardBook
from tools.testing.far_sides.worldline import books
from tools.testing.far_sides.worldline.books import APPROVED, DECLINES, Shop
from tools.testing.far_sides.worldline.server import WorldlineAcquirer


class WorldlineSide(TwoShops):
    """The port ``CardFarSide``. ``make`` makes the acquirer of its shops."""

    def __init__(self, make: Callable[..., WorldlineAcquirer] = WorldlineAcquirer) -> None:
        self._deciding: dict[str, bool] = {}
        own, other = Shop(), Shop("AnotherShop", "0123456789abcdef", "another-secret")
        self.acquirer = make(own, other)
        known = [
            {
                "api_base": self.acquirer.origin,
                "merchant_id": one.merchant_id,
                "api_key_id": one.key_id,
                "secret_api_key": one.secret,
            }
            for one in (own, other)
        ]
        super().__init__(self.acquirer, "worldline", known[0], known[1], FixedClock())

    @property
    def shop(self) -> Shop:
        return self.acquirer.shop

    def approve(self, payment: Payment) -> bool:
        return self.shop.entered(payment.page_id)

    def approve_holding_on(self, payment: Payment) -> bool:
        return False  # a last capture lets go of the rest

    def approve_another_amount(self, payment: Payment) -> bool:
        return self.shop.entered(payment.page_id, APPROVED, self.shop.checkout(payment.page_id).amount - 100)

    def agree(self, payment: Payment) -> bool:
        return False  # its page holds the money itself

    def hesitate(self, payment: Payment, *, approves: bool) -> bool:
        self._deciding[payment.page_id] = approves
        return self.shop.hesitates(payment.page_id)

    def approve_booked_later(self, payment: Payment, *, stands: bool) -> bool:
        self._deciding[payment.page_id] = stands
        self.shop.captures_wait = True
        return self.approve(payment)

    def decide(self, payment: Payment) -> None:
        decision, made = self._deciding.pop(payment.page_id), self.shop.checkout(payment.page_id).payment
        if made is not None and made.status == "AUTHORIZATION_REQUESTED":
            self.shop.decided(payment.page_id, approves=decision)
        else:
            self.shop.settled(stands=decision)

    def decline(self, payment: Payment) -> bool:
        return self.shop.entered(payment.page_id, next(iter(DECLINES)))

    def leave(self, payment: Payment) -> bool:
        return self.shop.left(payment.page_id)

    def accepts_refunds(self) -> None:
        self.shop.refunds_wait = True

    def decides_refunds(self, *, stands: bool) -> None:
        self.shop.settled(stands=stands)

    def let_go(self, payment: Payment) -> None:
        for one in self._payments(payment):
            self.shop.let_go(one)

    def book(self, payment: Payment) -> CardBook:
        return booked(payment, ((one.held, one.taken, one.refunded) for one in self._payments(payment)))

    def _payments(self, payment: Payment) -> list[books.Payment]:
        known = [one for shop in self.acquirer.shops for one in shop.payments.values()]
        return [one for one in known if one.reference == payment.id]
