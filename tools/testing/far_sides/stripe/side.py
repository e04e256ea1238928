"""The simulated Stripe as a far side of connectors: two shops with an account each, and customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shared.adapters.psp_http import PspHttp
from shared.adapters.settings import ConnectorSettings
from shared.domain.ids import MerchantId
from shared.domain.money import Money
from shared.domain.payment import Environment, Payment
from tools.testing.builders import MERCHANT
from tools.testing.fakes import FakeBooks, FakeCredentials, FixedClock
from tools.testing.far_sides.side import CardBook, Presentable
from tools.testing.far_sides.stripe.books import Account, Intent
from tools.testing.far_sides.stripe.server import StripeAcquirer
from tools.testing.far_sides.switch import Switch

PATIENCE: Final = 0.8  # seconds that a call may take
_APPROVED: Final = "4242424242424242"
_DECLINED: Final = "4000000000000002"
_OTHER: Final = MerchantId("m_other")


class StripeSide:
    """The port ``CardFarSide``. ``make`` makes the acquirer of its accounts."""

    presentable: Presentable | None = None

    def __init__(self, make: Callable[..., StripeAcquirer] = StripeAcquirer) -> None:
        self._hesitating: dict[str, bool] = {}
        self.clock = FixedClock()
        own = Account(now=self.clock)
        other = Account("acct_1Other", "sk_test_other", "whsec_others_secret", now=self.clock)
        self.acquirer = make(own, other)
        credentials = FakeCredentials()
        for merchant, account in ((MERCHANT, own), (_OTHER, other)):
            known = {"api_base": self.acquirer.origin, "secret_key": account.key}
            credentials.put(merchant, Environment.TEST, "stripe", known)
        http = PspHttp(allow_private=True, seconds=PATIENCE)
        self.settings = ConnectorSettings(FakeBooks(), self.clock, credentials, http)

    @property
    def account(self) -> Account:
        return self.acquirer.account

    @property
    def switch(self) -> Switch:
        return self.acquirer.switch

    def close(self) -> None:
        self.acquirer.close()

    def approve(self, payment: Payment) -> bool:
        return self.account.entered(payment.page_id, _APPROVED)

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

    def let_go(self, payment: Payment) -> None:
        for intent in self._intents(payment):
            self.account.let_go(intent)

    def book(self, payment: Payment) -> CardBook:
        intents = self._intents(payment)
        sums = (sum(i.held for i in intents), sum(i.received for i in intents), sum(i.refunded for i in intents))
        return CardBook(*(Money(minor, payment.amount.currency) for minor in sums))

    def _intents(self, payment: Payment) -> list[Intent]:
        """Those of the payment's pages, and of the saved card that was charged for it."""
        known = [intent for account in self.acquirer.accounts.values() for intent in account.intents.values()]
        return [intent for intent in known if intent.metadata.get("transactionId") == payment.id]
