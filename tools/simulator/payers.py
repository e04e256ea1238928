"""People who pay by a method: they begin it from several windows, pay late, twice or in part, or leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final

from shared.domain.card_data import CardData
from shared.domain.errors import IllegalTransition, NotFound
from shared.domain.method import Action, MethodChoice, MethodKind, Payer
from shared.domain.method_course import METHOD_WATCH
from shared.domain.money import Money
from shared.domain.payment import Mode
from shared.usecases.method.begin_method import begin_method
from shared.usecases.method.choose_card import choose_card, leave_card
from shared.usecases.method.choose_method import ChosenMethod, choose_method
from shared.usecases.method.record_method_outcome import record_method_outcome
from shared.usecases.payment.end_checkout import cancel_checkout
from shared.usecases.payment.record_card_outcome import record_card_outcome
from shared.usecases.payment.start_payment import NewPayment, start_payment
from tools.simulator.errands import Arrival, MethodPlan
from tools.simulator.people import CVV, PAGES, Person
from tools.simulator.plan import DECLINED, GOOD_CARDS

OTHER_CODE: Final = "bancontact"
SEEN: Final = METHOD_WATCH - timedelta(hours=4)  # of money that comes later after the end nobody has to hear


class MethodPayer(Person):
    """The customer of a payment by a method, the provider's bell, and the merchant who refunds."""

    @property
    def method(self) -> MethodPlan:
        assert self.plan.method is not None
        return self.plan.method

    def others(self) -> list[str]:
        plan = self.method
        named = [f"{self.name} begins {n}" for n in range(len(plan.begins_at))]
        named += [f"{self.name} money {n}" for n in range(len(plan.arrivals))]
        named += [f"{self.name} by card {n}" for n in range(len(plan.by_card_at))]
        return [*named, *(f"{self.name} {who}" for who in ("other choice", "provider acts", "leaves card"))]

    def _begin(self) -> Any:
        order = NewPayment(Money(self.plan.amount, self.plan.currency), PAGES, Mode.ALTERNATIVE)

        def init(seed: bytes, repeated: bool) -> object:
            return start_payment(order, self.at.credential, world=self.at.world, seed=seed).payment.id

        return self.at.clients.keyed(f"{self.name} init", init, tries=6)

    def _go_on(self) -> None:
        plan = self.method
        self._choose_kind(plan.kind, "chooses")
        for n, moment in enumerate(plan.begins_at):
            self._let_loose(f"begins {n}", partial(self._begins, n, moment))
        for n, arrival in enumerate(plan.arrivals):
            self._let_loose(f"money {n}", partial(self._money, n, arrival))
        if plan.changes_mind_at is not None:
            self._let_loose("other choice", partial(self._changes_mind, plan.changes_mind_at))
        for n, moment in enumerate(plan.by_card_at):
            self._let_loose(f"by card {n}", partial(self._by_card, n, moment))
        if plan.leaves_card_at is not None:
            self._let_loose("leaves card", partial(self._leaves_card, plan.leaves_card_at))
        if plan.acts is not None:
            self._let_loose("provider acts", partial(self._acts, plan.acts, plan.acts_at))
        if self.plan.cancels_at is not None:
            self._let_loose("cancel", self._cancel)
        for n, refund in enumerate(self.plan.refunds):
            self._let_loose(f"refund {n}", partial(self._refund, n, refund))

    def _choose_kind(self, kind: MethodKind, title: str) -> None:
        payer = Payer("BR", "Ada", self.method.behaviour)
        code = self.method.code if kind is self.method.kind else self.method.code and OTHER_CODE
        email = "ada@example.com" if code else None
        chosen = ChosenMethod(code or kind.value, MethodChoice(kind, self.method.seconds), payer, email)
        self._does(title, lambda: choose_method(self._read(), chosen, world=self.at.world), tries=4)

    def _changes_mind(self, moment: float) -> None:
        self.at.kernel.sleep(moment)
        self._choose_kind(MethodKind.ONLINE, "chooses again")

    def _begins(self, n: int, moment: float) -> None:
        self.at.kernel.sleep(moment)
        self._does(f"begins {n}", lambda: begin_method(self._read(), world=self.at.world), tries=2)

    def _cancel(self) -> None:
        self.at.kernel.sleep(self.plan.cancels_at or 0)
        self._does("cancels", lambda: cancel_checkout(self._read(), world=self.at.world), tries=3)

    def _money(self, n: int, arrival: Arrival) -> None:
        """Somebody pays at the counter, whatever we know of it by then; perhaps the provider rings."""
        self.at.kernel.sleep(arrival.at)
        payment = self._payment()
        clock = self.at.kernel.clock()
        slip_is_out = "number" in self.at.counter.book(payment.id)
        if not slip_is_out or (payment.completed_at and clock > payment.completed_at + SEEN):
            return
        minor = max(self.plan.amount * arrival.part // 100, 1)
        self._at_the_counter(f"money {n}", lambda: self.at.counter.receive(payment.id, minor))
        for m, delay in enumerate(arrival.rings):
            self.at.kernel.sleep(delay)
            self._does(f"rings {n}.{m}", lambda: record_method_outcome(self.payment_id, world=self.at.world), tries=1)

    def _by_card(self, n: int, moment: float) -> None:
        """The customer opens a card page, and enters a card on whichever page is the payment's by then."""
        self.at.kernel.sleep(moment)
        self._does(f"by card {n}", lambda: choose_card(self._read(), "creditcard", world=self.at.world), tries=2)
        payment = self._payment()
        if payment.mode is Mode.ALTERNATIVE and payment.card_page is None:
            return  # its opening is in no record, so nobody was sent there
        page = payment.page_id
        self.at.kernel.sleep(self.at.kernel.current.random.uniform(0, 60) if self.at.kernel.current else 0)

        def submit(seed: bytes, repeated: bool) -> object:
            number = GOOD_CARDS[0] if n == 0 else DECLINED[0]
            self.at.clients.acts(
                "page.submit", lambda: self.at.page.submit(page, CardData(number, "Ada", 12, 2030, CVV))
            )
            return record_card_outcome(self.payment_id, world=self.at.world)

        self.at.clients.plain(f"{self.name} card {n}", submit)

    def _leaves_card(self, moment: float) -> None:
        self.at.kernel.sleep(moment)
        self._does("leaves card", lambda: leave_card(self._read(), PAGES, world=self.at.world), tries=2)

    def _acts(self, action: Action, moment: float) -> None:
        self.at.kernel.sleep(moment)
        if "number" in self.at.counter.book(self.payment_id):
            self._at_the_counter("provider acts", lambda: self.at.counter.act(self.payment_id, action))

    def _at_the_counter(self, title: str, act: Callable[[], object]) -> None:
        def do(seed: bytes, repeated: bool) -> object:
            try:
                return self.at.clients.acts(f"counter.{title}", act)
            except (IllegalTransition, NotFound):
                return None

        self.at.clients.plain(f"{self.name} {title}", do)

    def _does(self, title: str, act: Callable[[], object], *, tries: int) -> None:
        for attempt in range(tries):
            done: list[bool] = []

            def call(seed: bytes, repeated: bool, done: list[bool] = done) -> object:
                act()
                done.append(True)
                return None

            self.at.clients.plain(f"{self.name} {title} {attempt}", call)
            if done:
                return
            self.at.kernel.sleep(5.0)

    def _read(self) -> Any:
        return self.at.world.payments.get(self.payment_id)
