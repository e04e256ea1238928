"""The people of a simulation: a customer, a merchant, a page that reloads, each doing what its plan says."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from shared.adapters.card_gateways.sandbox_cards import CHALLENGE_OTP, MOST_CODES
from shared.domain.card_data import CardData
from shared.domain.merchant import OwnConnector
from shared.domain.money import Money
from shared.domain.payment import AWAITING_CARD, AWAITING_CHOICE, PAID, Payment
from shared.ports.inbound import Told
from shared.usecases.payment.card_page import page_to_pay_on
from shared.usecases.payment.choose_tender import TenderChoice, choose_tender
from shared.usecases.payment.hear_bell import hear_bell
from shared.usecases.payment.record_card_outcome import record_card_outcome
from shared.usecases.payment.start_payment import NewPayment, start_payment
from shared.usecases.refund.refund_payment import refund_payment
from tools.simulator.kernel import MICRO
from tools.simulator.plan import Call, CardTry, Choice, Plan, Refund, Reloads
from tools.simulator.stage import Stage
from tools.testing.builders import MERCHANT, TEST

CVV = "987"
OWN = OwnConnector(MERCHANT, TEST, "sandbox")
PAGES = "https://pages.example"
PATIENCE = 4000.0  # seconds a person waits for something to happen


class Person:
    """Everybody around one payment. ``name`` prefixes the names of all calls they make."""

    def __init__(self, stage: Stage, plan: Plan, name: str = "") -> None:
        self.at = stage
        self.plan = plan
        self.name = name or plan.name
        self.payment_id: Any = None

    def others(self) -> list[str]:
        """Names of those who can be left out of the story beside what every payment's plan has."""
        return []

    def arrive(self) -> None:
        """Open the payment; then let everybody loose on it."""
        self.payment_id = self._begin()
        if self.payment_id is not None:
            self._go_on()

    def _begin(self) -> Any:
        """The id of the payment, or None when nobody could open it."""
        plan = self.plan
        most = None if plan.most_by_voucher is None else Money(plan.most_by_voucher, plan.currency)
        order = NewPayment(Money(plan.amount, plan.currency), PAGES, plan.mode, most)

        def init(seed: bytes, repeated: bool) -> object:
            return start_payment(order, self.at.credential, world=self.at.world, seed=seed).payment.id

        return self.at.clients.keyed(f"{self.name} init", init, tries=6)

    def _go_on(self) -> None:
        plan = self.plan
        self._let_loose("customer", self._customer)
        if self.at.acquirer is not None:
            self._let_loose("forger", self._forges)
        if plan.cancels_at is not None:
            self._let_loose("cancel", self._cancel)
        for n, call in enumerate(plan.calls):
            self._let_loose(f"call {n}", partial(self._call, n, call))
        for n, refund in enumerate(plan.refunds):
            self._let_loose(f"refund {n}", partial(self._refund, n, refund))
        for n, reloads in enumerate(plan.reloads):
            self._let_loose(f"reload {n}", partial(self._reload, n, reloads))

    # ---- the customer ----

    def _customer(self) -> None:
        for n, card in enumerate(self.plan.cards):
            self.at.kernel.sleep(card.think)
            if card.stubborn or self._is(AWAITING_CARD):
                self._pay(n, card)
                self._see_tries(n + 1)
        for n, choice in enumerate(self.plan.choices):
            if not self._see(lambda payment: payment.status in AWAITING_CHOICE, PATIENCE):
                return
            self.at.kernel.sleep(choice.think)
            self._choose(n, choice)

    def _see_tries(self, tries: int) -> None:
        self._see(lambda payment: payment.status not in AWAITING_CARD or payment.card_tries >= tries, 30.0)

    def _pay(self, n: int, card: CardTry) -> None:
        """Type the card in at the gateway's page; then the news comes by whom and as often as planned."""

        self._goes_to_pay(n)

        def submit(seed: bytes, repeated: bool) -> object:
            page, payment = self.at.page, self._payment()
            outcome = self.at.clients.acts(
                "page.submit", lambda: page.submit(payment.page_id, card_data(card.number))
            )
            if outcome is None:
                otp = CHALLENGE_OTP if card.passes else "000000"
                for _ in range(MOST_CODES):
                    left = self.at.clients.acts(
                        "page.challenge", lambda: page.challenge(payment.page_id, otp).tries_left
                    )
                    if not left:
                        break
            return record_card_outcome(payment.id, world=self.at.world)

        self.at.clients.plain(f"{self.name} card {n}", submit)
        for who, delays in (("browser", card.browser), ("server", card.server)):
            for m, delay in enumerate(delays):
                self._let_loose(f"{who} {n}.{m}", partial(self._news, f"{who} {n}.{m}", delay))

    def _goes_to_pay(self, n: int) -> None:
        """The shop's link leads to the acquirer's page that takes a card now; the sandbox's is the same for ever."""
        if self.at.acquirer is not None:
            at = self.at
            go = lambda seed, repeated: page_to_pay_on(at.world.payments.get(self.payment_id), world=at.world)  # noqa: E731
            at.clients.plain(f"{self.name} goes to pay {n}", go)

    def _news(self, title: str, delay: float) -> None:
        def tell(seed: bytes, repeated: bool) -> object:
            if title.startswith("server") and self.at.rings:
                return self._rings(forged=False)
            return record_card_outcome(self.payment_id, world=self.at.world)

        self.at.kernel.sleep(delay)
        self.at.clients.plain(f"{self.name} news by {title}", tell)

    def _rings(self, *, forged: bool) -> object:
        """The gateway's bell, or somebody else's, as the endpoint takes it. Raises Unauthenticated."""
        told, own = Told((self.payment_id,)), OWN
        if self.at.acquirer is not None:
            inbound = self.at.acquirer.rings(self._payment(), self.at.kernel.clock, forged=forged)
            told, own = self.at.acquirer.heard(inbound)
            if forged and self.at.acquirer.signs_bells:
                self.at.fail(f"{self.name}: a notification that somebody forged was believed")
        return hear_bell(told, own, world=self.at.world, bells=self.at.bells)

    def _forges(self) -> None:
        """Somebody says that it was paid, before anybody has."""
        self.at.clients.plain(f"{self.name} forged bell", lambda seed, repeated: self._rings(forged=True))

    def _cancel(self) -> None:
        self.at.kernel.sleep(self.plan.cancels_at or 0)

        def cancel(seed: bytes, repeated: bool) -> object:
            page = self.at.page
            self.at.clients.acts("page.cancel", lambda: page.cancel(self._payment().page_id))
            return record_card_outcome(self.payment_id, world=self.at.world)

        self.at.clients.plain(f"{self.name} cancels", cancel)

    def _choose(self, n: int, choice: Choice) -> None:
        wanted = TenderChoice(choice.tender, choice.otps, accepts_loss=choice.accepts_loss)
        self._claim(f"{self.name} chooses {n}", wanted, tries=3)

    # ---- the merchant ----

    def _call(self, n: int, call: Call) -> None:
        self.at.kernel.sleep(call.at)
        amount = None if call.part is None else self._part(call.part)
        self._claim(f"{self.name} {call.tender} {n}", TenderChoice(call.tender, amount=amount), tries=3)

    def _refund(self, n: int, refund: Refund) -> None:
        if not self._see(lambda payment: payment.status in PAID, PATIENCE):
            return
        self.at.kernel.sleep(refund.after)
        amount = None if refund.part is None else self._part(refund.part)

        def give_back(seed: bytes, repeated: bool) -> object:
            return refund_payment(self.payment_id, amount, "", world=self.at.world, seed=seed, repeated=repeated)[1]

        self.at.clients.keyed(f"{self.name} refund {n}", give_back, tries=4)

    def _reload(self, n: int, reloads: Reloads) -> None:
        self.at.kernel.sleep(reloads.at)

        def reload(seed: bytes, repeated: bool) -> object:
            return self.at.world.payments.get(self.payment_id)

        for time in range(reloads.times):
            self.at.clients.plain(f"{self.name} reloads {n}.{time}", reload)
            if self._payment().is_final:
                return
            self.at.kernel.sleep(reloads.seconds)

    # ---- what they have in common ----

    def sees_it_fail(self) -> bool:
        """Wait for the payment to end; whether the customer may want to try again."""
        self._see(lambda payment: payment.is_final, PATIENCE)
        payment = self._payment()
        return payment.is_final and payment.status not in PAID

    def _claim(self, title: str, choice: TenderChoice, *, tries: int) -> None:
        def claim(seed: bytes, repeated: bool) -> object:
            payment = self.at.world.payments.get(self.payment_id)
            if repeated and payment.tender is choice.tender:
                return payment
            return choose_tender(self.payment_id, choice, world=self.at.world, known=payment)

        self.at.clients.keyed(title, claim, tries=tries)

    def _part(self, hundredths: int) -> Money:
        return Money(max(self.plan.amount * hundredths // 100, 1), self.plan.currency)

    def _payment(self) -> Payment:
        """The payment as a status page shows it, without a storm in between."""
        return self.at.payments.get(self.payment_id)

    def _is(self, statuses: frozenset[Any]) -> bool:
        return self._payment().status in statuses

    def _see(self, what: Callable[[Payment], bool], seconds: float) -> bool:
        """Watch the status page until ``what`` is seen, the payment can no longer come to it, or patience ends."""
        until = self.at.kernel.now + int(seconds * MICRO)
        pause = 0.5
        while self.at.kernel.now < until:
            payment = self._payment()
            if what(payment):
                return True
            if payment.is_final:
                return False
            self.at.kernel.sleep(pause)
            pause = min(pause * 1.25, 60.0)
        return False

    def _let_loose(self, title: str, body: Callable[[], None]) -> None:
        self._let_loose_as(f"{self.name} {title}", body)

    def _let_loose_as(self, name: str, body: Callable[[], None]) -> None:
        if name not in self.at.without:
            self.at.kernel.spawn(name, body)


def card_data(number: str) -> CardData:
    return CardData(number, "Ada Lovelace", 12, 2030, CVV)
