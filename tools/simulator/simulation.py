"""One simulation: a seed, a world in memory, people and faults in it; and what was found broken afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Final

from shared.adapters.card_gateways.sandbox_page import SandboxCardPage
from shared.adapters.connectors import Connectors
from shared.adapters.method_providers.sandbox_counter import SandboxCounter
from shared.domain.errors import (
    Conflict,
    GatewayError,
    InvalidRequest,
    NotFound,
    Refused,
    StaleWrite,
    TooManyTries,
    Unprocessable,
)
from shared.domain.ids import PaymentId
from shared.domain.payment import Payment
from shared.ports.idempotency import ClaimState
from shared.ports.world import World
from tools.simulator import agreements, invariants
from tools.simulator.disputers import Disputed
from tools.simulator.errands import Errand, errand_of
from tools.simulator.executions import Executions
from tools.simulator.interpreter import load
from tools.simulator.kernel import MICRO, Crash, Kernel, Process
from tools.simulator.payers import MethodPayer
from tools.simulator.people import Person
from tools.simulator.plan import Plan, Scenario, drawn
from tools.simulator.ports import OF_PORTS, OtherSide, Stormy, StormyGateways, StormyPayments
from tools.simulator.rounds import Rounds
from tools.simulator.steps import perform
from tools.simulator.storm import ASK, LAMBDA_SECONDS, PEOPLE, Errors, ServiceError, Storm, Strike, Weather
from tools.simulator.visitors import CardHolder, LinkMerchant
from tools.testing.builders import a_record
from tools.testing.fakes import (
    FakeBooks,
    FakeCards,
    FakeDisputes,
    FakeIdempotency,
    FakeLinks,
    FakeMerchants,
    FakeMessenger,
    FakePayments,
    FakeVault,
    connector_settings,
)

LONGEST: Final = 14 * 86_400 * MICRO
MOST_EVENTS: Final = 20_000  # a healthy simulation has a few hundred, a stormy one some thousand
NOTHING_HAPPENED: Final = (InvalidRequest, NotFound, Conflict, Unprocessable, TooManyTries)
PEOPLE_OF: Final[dict[Errand, type[Person]]] = {
    Errand.CHECKOUT: Person,
    Errand.LINK: LinkMerchant,
    Errand.WALLET: CardHolder,
    Errand.DISPUTE: Disputed,
    Errand.METHOD: MethodPayer,
}
Handle = Callable[[bytes, bool], object]


class Broken(BaseException):
    """An invariant does not hold. No ``except Exception`` on the way may swallow it."""


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


@dataclass
class Simulation:
    """Builds the world of ``seed`` and runs it until nothing is left to do."""

    seed: int
    without: frozenset[str] = frozenset()
    telling: bool = False
    broken: list[str] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    turns: dict[PaymentId, datetime] = field(default_factory=dict)  # since when it is whose turn it is, by payment

    def __post_init__(self) -> None:
        random = Random(f"{self.seed}/plan")  # noqa: S311 - a simulation, not a secret
        self.scenario: Scenario = drawn(random, payments_in(self.seed), errand_of(self.seed))
        self.kernel = Kernel(str(self.seed))
        self.kernel.ended = self._ended
        self.storm = Storm(self.kernel, Weather.drawn(random), self.without)
        if self.telling:
            self.storm.note = self.note
        self.payments = FakePayments()
        self.books = FakeBooks()
        self.idempotency = FakeIdempotency()
        self._replies: dict[str, object] = {}
        self._entropy = Random(f"{self.seed}/entropy")  # noqa: S311
        self.page = SandboxCardPage(self.books, self.kernel.clock)
        self.counter = SandboxCounter(self.books, self.kernel.clock)
        self.flow = Executions(
            self.kernel,
            self.storm,
            load(),
            lambda function, payload: perform(function, payload, world=self.world),
            self.scenario.lose_rate,
        )
        self.rounds = Rounds(self)
        self.stored_links = FakeLinks()
        self.links: Any = Stormy(self.stored_links, "links", self.storm, self.rounds.plan)
        self.stored_cards = FakeCards(self.payments.uses)
        self.cards: Any = Stormy(self.stored_cards, "cards", self.storm, self.rounds.plan)
        self.stored_disputes = FakeDisputes(self.payments)
        self.disputes: Any = Stormy(self.stored_disputes, "disputes", self.storm, self.rounds.plan)
        self.vault: Any = Stormy(FakeVault(), "vault", self.storm, self.rounds.plan, ASK, OF_PORTS)
        self.world = self._world()
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
            agreements.disputes_agree(self)
            agreements.methods_agree(self)
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

    # ---- calls from outside ----

    def keyed(self, title: str, handle: Handle, *, tries: int) -> Any:
        """A call with an Idempotency-Key, tried again with the same key as a careful client does.

        Returns what it came to in the end, or None. Runs in a person's process.
        """
        person = self.kernel.current
        assert person is not None
        for attempt in range(tries):
            process = self._called(f"{title} try {attempt + 1}", lambda: self._once(title, handle))
            patience = LAMBDA_SECONDS if person.random.random() < 0.9 else person.random.uniform(0.01, 5)
            self.kernel.wait(process.done, patience)
            if process.done.is_set and process.error is None:
                return process.result
            if process.done.is_set and isinstance(process.error, (*NOTHING_HAPPENED, Refused)):
                return None
            self.kernel.sleep(person.random.choice((0.5, 5.0, 65.0)))
        return None

    def plain(self, title: str, handle: Handle) -> None:
        """A call without a key, made once."""
        process = self._called(title, lambda: handle(b"", False))
        self.kernel.wait(process.done, LAMBDA_SECONDS)

    def acts(self, name: str, act: Callable[[], Any]) -> Any:
        """What a person does at the gateway's own page: it happens, or it does not."""
        return self.storm.call(name, act, PEOPLE, Errors(ServiceError, ServiceError))

    def _called(self, title: str, body: Callable[[], object]) -> Process:
        process = self.kernel.spawn(title, body, seconds_to_live=LAMBDA_SECONDS)
        process.skew = timedelta(seconds=process.random.choice((0, 0, 0, 0, -1, 1, -15, 15)))
        return process

    def _once(self, title: str, handle: Handle) -> object:
        """What the HTTP edge does with an Idempotency-Key."""
        store, clock = self.idempotency, self.kernel.clock
        claim = store.claim(title, "", self._seed_of(title), clock())
        if claim.state is ClaimState.RUNNING:
            raise ServiceError("in progress")
        if claim.state is ClaimState.REPLAY:
            return self._replies[title]
        try:
            reply = handle(claim.seed, claim.repeated)
        except Refused:
            raise
        except GatewayError as error:
            nothing = not claim.repeated and isinstance(error, NOTHING_HAPPENED) and not isinstance(error, StaleWrite)
            (store.release if nothing else store.reopen)(claim)
            raise
        self._replies[title] = reply
        store.finish(claim, 200, "", clock())
        return reply

    def _seed_of(self, title: str) -> bytes:
        """A new seed for every claim; the store keeps the first one."""
        return hashlib.sha512(f"{self.seed}/{title}/{self.kernel.now}".encode()).digest()

    # ---- bookkeeping ----

    def _ended(self, process: Process) -> None:
        error = process.error
        if error is None or isinstance(error, Crash | GatewayError | ServiceError):
            if self.telling and error is not None:
                self.note(f"ended by {type(error).__name__}: {error}", process)
            return
        if isinstance(error, Broken):
            raise error
        self.fail(f"{process.name} ended with {type(error).__name__}: {error}", error)

    def fail(self, what: str, cause: BaseException | None = None) -> None:
        """Note a broken invariant and end the simulation. Raises Broken."""
        self.broken.append(what)
        self.note(f"BROKEN {what}")
        raise Broken(what) from cause

    def note(self, text: str, process: Process | None = None) -> None:
        who = process or self.kernel.current
        name = who.name if who is not None else "-"
        self.history.append(f"{self.kernel.now / MICRO:12.3f}s  {name:<34} {text}")

    def _actors(self) -> list[str]:
        named = [person.plan.name for person in self.people] if len(self.people) > 1 else []
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

    def _world(self) -> World:
        settings = connector_settings(self.books, self.kernel.clock)
        gateways = StormyGateways(
            Connectors(settings),
            OtherSide("card", self.storm, self.fail),
            OtherSide("voucher", self.storm, self.fail),
            OtherSide("method", self.storm, self.fail),
            self.scenario.closes_pages,
        )
        merchants = FakeMerchants()
        merchants.create(a_record())
        return World(
            payments=StormyPayments(self.payments, self.storm, self.rounds.written),  # type: ignore[arg-type]
            merchants=merchants,
            gateways=gateways,
            flow=self.flow,
            messenger=FakeMessenger(),
            now=self.kernel.clock,
            entropy=self._entropy.randbytes,
            checkout_seconds=self.scenario.checkout_seconds,
            pause=lambda attempt: self.kernel.sleep(min(0.4, 0.01 * 2**attempt)),
        )


def payments_in(seed: int) -> int:
    """How many payments share the world of ``seed``: most are alone, some share vouchers with others."""
    return (1, 1, 1, 2, 1, 1, 1, 3)[seed % 8]
