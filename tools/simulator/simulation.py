"""One simulation: a seed, a world in memory, people and faults in it; and what was found broken afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from shared.domain.payment import Payment
from tools.simulator import agreements, invariants, paying_once
from tools.simulator.disputers import Disputed
from tools.simulator.errands import Errand
from tools.simulator.kernel import MICRO
from tools.simulator.payers import MethodPayer
from tools.simulator.people import Person
from tools.simulator.plan import Plan
from tools.simulator.presenters import Presenter
from tools.simulator.rounds import Rounds
from tools.simulator.shoppers import OrderMerchant
from tools.simulator.stage import Broken, Stage
from tools.simulator.storm import Strike
from tools.simulator.visitors import CardHolder, LinkMerchant

LONGEST: Final = 14 * 86_400 * MICRO
MOST_EVENTS: Final = 20_000  # a healthy simulation has a few hundred, a stormy one some thousand
PEOPLE_OF: Final[dict[Errand, type[Person]]] = {
    Errand.CHECKOUT: Person,
    Errand.LINK: LinkMerchant,
    Errand.WALLET: CardHolder,
    Errand.DISPUTE: Disputed,
    Errand.METHOD: MethodPayer,
    Errand.PRESENTED: Presenter,
    Errand.ORDER: OrderMerchant,
}


@dataclass
class Outcome:
    """What one simulation came to. ``history`` is there when it was asked for."""

    seed: int
    payments: list[Payment]
    broken: list[str]
    strikes: list[Strike]
    actors: list[str]
    history: list[str]
    simulated_seconds: float


class Simulation(Stage):
    """Lets people loose on the stage of ``seed`` and runs it until nothing is left to do."""

    def __init__(self, seed: int, without: frozenset[str] = frozenset(), *, telling: bool = False) -> None:
        super().__init__(seed, without, telling=telling)
        self.audience = Rounds(self)
        self.people = [self._around(plan) for plan in self.scenario.plans]

    def run(self) -> Outcome:
        kernel = self.kernel
        for person in self.people:
            if person.plan.name not in self.without:
                kernel.at(int(person.plan.opens_at * MICRO), partial(self._arrives, person))
        for n, (at, seconds) in enumerate(self.storm.weather.jumps):
            if f"jump {n}" not in self.without:
                kernel.at(int(at * MICRO), partial(self._jump, seconds))
        try:
            if not kernel.run(LONGEST, MOST_EVENTS):
                self.fail(f"not at rest after {kernel.events} events and {kernel.now // MICRO // 3600} hours")
            invariants.at_rest(self)
            agreements.links_agree(self)
            agreements.wallets_agree(self)
            agreements.disputes_agree(self, [person for person in self.people if isinstance(person, Disputed)])
            agreements.methods_agree(self)
            paying_once.at_rest(self)
        except Broken:
            pass
        seconds = kernel.now / MICRO
        kernel.ended = lambda process: None
        kernel.close()
        return Outcome(
            self.seed,
            self.payments.all(),
            self.broken,
            self.storm.struck,
            self._actors(),
            self.history,
            seconds,
        )

    def _around(self, plan: Plan) -> Person:
        return PEOPLE_OF[self.scenario.errand](self, plan)

    def _arrives(self, person: Person) -> None:
        self.kernel.spawn(f"{person.plan.name} arrives", person.arrive)

    def _jump(self, seconds: float) -> None:
        self.kernel.jump(seconds)
        self.storm.last_trouble = self.kernel.now

    def _actors(self) -> list[str]:
        named = [person.plan.name for person in self.people] if len(self.people) > 1 else []
        named += [f"{plan.name} forger" for plan in self.scenario.plans if self.acquirer is not None]
        named += [name for person in self.people for name in person.others()]
        for plan in self.scenario.plans:
            named += [f"{plan.name} call {n}" for n in range(len(plan.calls))]
            named += [f"{plan.name} refund {n}" for n in range(len(plan.refunds))]
            named += [f"{plan.name} reload {n}" for n in range(len(plan.reloads))]
            for n, card in enumerate(plan.cards):
                for who, delays in (("browser", card.browser), ("server", card.server)):
                    named += [f"{plan.name} {who} {n}.{m}" for m in range(len(delays))]
            named += [f"{plan.name} cancel"] if plan.cancels_at is not None else []
        weather = self.storm.weather
        named += [f"jump {n}" for n in range(len(weather.jumps))] + [outage.name for outage in weather.outages]
        named += ["losses"] if self.scenario.lose_rate else []
        named += ["given up"] if weather.given_up else []
        return [name for name in named if name not in self.without]
