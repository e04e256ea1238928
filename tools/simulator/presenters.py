"""People around a card that a merchant's server presents: its holder, and somebody with another card."""

from __future__ import annotations

from functools import partial
from typing import Any

from shared.adapters.card_gateways.sandbox_cards import CHALLENGE_OTP
from shared.domain.card import Challenge
from shared.domain.money import Money
from shared.domain.payment import Mode
from shared.usecases.payment.end_checkout import cancel_checkout
from shared.usecases.payment.present_card import authenticate
from shared.usecases.payment.start_payment import NewPayment, start_payment
from tools.simulator.errands import HolderAnswer, PresentedPlan
from tools.simulator.people import PAGES, Person, card_data
from tools.simulator.plan import GOOD_CARDS


class Presenter(Person):
    """The merchant's server, the card's holder, and whoever else comes to the page."""

    @property
    def presented(self) -> PresentedPlan:
        assert self.plan.presented is not None
        return self.plan.presented

    def others(self) -> list[str]:
        plan = self.presented
        named = [f"{self.name} answers {n}" for n in range(len(plan.answers))]
        named += [f"{self.name} hears {n}" for n in range(len(plan.news_at))]
        return [*named, *([f"{self.name} intrudes"] if plan.intrudes_at is not None else [])]

    def _begin(self) -> Any:
        order = NewPayment(Money(self.plan.amount, self.plan.currency), PAGES, Mode.SALE_DIRECT)
        at, number = self.at, self.presented.number
        card = card_data(at.acquirer.presents(number) if at.acquirer else number)

        def init(seed: bytes, repeated: bool) -> object:
            return start_payment(order, at.credential, world=self.at.world, seed=seed, card=card).payment.id

        return self.at.clients.keyed(f"{self.name} init", init, tries=6)

    def _go_on(self) -> None:
        super()._go_on()
        for n, answer in enumerate(self.presented.answers):
            self._let_loose(f"answers {n}", partial(self._answer, n, answer))
        for n, moment in enumerate(self.presented.news_at):
            self._let_loose(f"hears {n}", partial(self._news, f"hears {n}", moment))
        if self.presented.intrudes_at is not None:
            self._let_loose("intrudes", partial(self._intrude, self.presented.intrudes_at))

    def _answer(self, n: int, answer: HolderAnswer) -> None:
        self.at.kernel.sleep(answer.at)
        self.at.asked.add(self.payment_id)
        self.at.clients.plain(
            f"{self.name} answers {n}",
            lambda seed, repeated: authenticate(self.payment_id, answer.code, world=self.at.world).payment,
        )
        self._go_to_bank(n, answer)

    def _go_to_bank(self, n: int, answer: HolderAnswer) -> None:
        """Where their bank wants to see them; some come back, and some close the window."""
        acquirer, payment = self.at.acquirer, self._payment()
        if acquirer is None or payment.challenge is not Challenge.REDIRECT:
            return
        moment = int(answer.at * 1000)  # it says how long they are there, so that it costs nobody a draw
        self.at.kernel.sleep(3 if moment % 3 else moment % 2000)
        passes = answer.code == CHALLENGE_OTP
        self.at.clients.acts("page.bank", lambda: acquirer.at_bank(payment, passes=passes))
        if n % 2 == 0:
            self.at.clients.plain(
                f"{self.name} comes back {n}",
                lambda seed, repeated: authenticate(self.payment_id, None, world=self.at.world).payment,
            )

    def _cancel(self) -> None:
        self.at.kernel.sleep(self.plan.cancels_at or 0)
        self.at.clients.plain(
            f"{self.name} cancels",
            lambda seed, repeated: cancel_checkout(self.at.world.payments.get(self.payment_id), world=self.at.world),
        )

    def _intrude(self, moment: float) -> None:
        self.at.kernel.sleep(moment)
        page = self._payment().page_id
        self.at.clients.plain(
            f"{self.name} intrudes",
            lambda seed, repeated: self.at.clients.acts(
                "page.submit", lambda: self.at.page.submit(page, card_data(GOOD_CARDS[0]))
            ),
        )
