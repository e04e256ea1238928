"""The simulated Stripe as a far side of connectors: two shops with an account each, and customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shared.domain.card_data import CardData
from shared.domain.payment import Payment
from tools.testing.fakes import FixedClock
from tools.testing.far_sides.shops import APPROVED, TwoShops, booked
from tools.testing.far_sides.side import CardBook, Presentable
from tools.testing.far_sides.stripe import presented
from tools.testing.far_sides.stripe.books import Account, Intent
from tools.testing.far_sides.stripe.server import StripeAcquirer

_DECLINED: Final = "4000000000000002"


def _card(number: str) -> CardData:
    return CardData(number, "Ada Rossi", 12, 2030, "123")


class StripeSide(TwoShops):
    """The port ``CardFarSide``. ``make`` makes the acquirer of its accounts."""

    presentable: Presentable | None = Presentable(
        plain=_card("4242424242424242"),
        refused=_card("4000000000000002"),
        not_taken=_card("4242424242424241"),
        with_bank=_card(presented.ASKED_BY_BANK),
    )

    def __init__(self, make: Callable[..., StripeAcquirer] = StripeAcquirer) -> None:
        self._hesitating: dict[str, bool] = {}
        clock = FixedClock()
        own = Account(now=clock)
        other = Account("acct_1Other", "sk_test_other_key", "whsec_others_secret", now=clock)
        self.acquirer = make(own, other)
        base = {"api_base": self.acquirer.origin, "raw_cards": "true"}
        known = [{**base, "secret_key": one.key} for one in (own, other)]
        super().__init__(self.acquirer, "stripe", known[0], known[1], clock)

    @property
    def account(self) -> Account:
        return self.acquirer.account

    def approve(self, payment: Payment) -> bool:
        if payment.page_id not in self.account.sessions:
            return False  # an intent has no page
        return self.account.entered(payment.page_id, APPROVED)

    def approve_holding_on(self, payment: Payment) -> bool:
        return False  # it lets go of the rest

    def approve_another_amount(self, payment: Payment) -> bool:
        self.account.sessions[payment.page_id].amount -= 100
        return self.approve(payment)

    def agree(self, payment: Payment) -> bool:
        return False  # its page holds the money itself

    def hesitate(self, payment: Payment, *, approves: bool) -> bool:
        self.account.hesitated(payment.page_id)
        self._hesitating[payment.page_id] = approves
        return True

    def approve_booked_later(self, payment: Payment, *, stands: bool) -> bool:
        return False

    def decide(self, payment: Payment) -> None:
        self.account.decided(payment.page_id, approves=self._hesitating.pop(payment.page_id))

    def decline(self, payment: Payment) -> bool:
        self.account.entered(payment.page_id, _DECLINED)
        return False  # and lets the customer try another card there

    def leave(self, payment: Payment) -> bool:
        return False  # it only leads the browser back

    def accepts_refunds(self) -> None:
        self.account.refunds_wait = True

    def decides_refunds(self, *, stands: bool) -> None:
        for refund in self.account.refunds.values():
            if refund.status == "pending":
                self.account.settle(refund, stands=stands)

    def been_to_bank(self, payment: Payment, *, passes: bool) -> bool:
        account = self.account
        return presented.been_to_bank(account, account.intents[payment.page_id], passes=passes)

    def let_go(self, payment: Payment) -> None:
        for intent in self._intents(payment):
            self.account.let_go(intent)

    def book(self, payment: Payment) -> CardBook:
        return booked(payment, ((one.held, one.received, one.refunded) for one in self._intents(payment)))

    def _intents(self, payment: Payment) -> list[Intent]:
        """Those of the payment's pages, and of the saved card that was charged for it."""
        known = [intent for account in self.acquirer.accounts.values() for intent in account.intents.values()]
        return [intent for intent in known if intent.metadata.get("transactionId") == payment.id]
