"""The simulated Stripe as a far side of methods: customers at their banks and at counters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from shared.domain.method import STRIPE_METHODS, MethodKind
from shared.domain.money import Money
from shared.domain.payment import Payment
from tools.testing.fakes import FixedClock
from tools.testing.far_sides.shops import TwoShops
from tools.testing.far_sides.side import MethodBook, Offer
from tools.testing.far_sides.stripe import methods
from tools.testing.far_sides.stripe.books import Account, Intent
from tools.testing.far_sides.stripe.server import StripeAcquirer

_NO: Final = ("payment_intent_authentication_failure", "")


class StripeCollector(TwoShops):
    """The port ``MethodFarSide``. ``make`` makes the acquirer of its accounts."""

    offers: Mapping[MethodKind, Offer] = {
        MethodKind.ONLINE: Offer("ideal"),
        MethodKind.CASH: Offer("oxxo", "MXN", gives_back=False),
    }
    in_parts = False
    keeps_refusals = False

    def __init__(self, make: Callable[..., StripeAcquirer] = StripeAcquirer) -> None:
        self.clock = FixedClock()
        own = Account(now=self.clock)
        other = Account("acct_1Other", "sk_test_other_key", "whsec_others_secret", now=self.clock)
        self.acquirer = make(own, other)
        known = [{"api_base": self.acquirer.origin, "secret_key": one.key} for one in (own, other)]
        super().__init__(self.acquirer, STRIPE_METHODS, known[0], known[1], self.clock)

    def receive(self, payment: Payment, amount: Money) -> bool:
        assert amount == payment.due, "money comes whole or not at all"
        return any(methods.paid(self.acquirer.account, one) for one in self._intents(payment))

    def reject(self, payment: Payment) -> None:
        for one in self._intents(payment):
            methods.refused(one, *_NO)

    def fail(self, payment: Payment) -> None:
        for one in self._intents(payment):
            methods.refused(one, "processing_error")

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def book(self, payment: Payment) -> MethodBook:
        intents = self._intents(payment)
        begun = sum(one.status != "canceled" or one.received > 0 for one in intents)
        sums = (sum(one.received for one in intents), sum(one.refunded for one in intents))
        return MethodBook(begun, *(Money(minor, payment.amount.currency) for minor in sums))

    def _intents(self, payment: Payment) -> list[Intent]:
        known = [intent for account in self.acquirer.accounts.values() for intent in account.intents.values()]
        return [intent for intent in known if intent.metadata.get("transactionId") == payment.id]
