"""Where a simulation takes place: the ports of one seed's world with a storm before them, and what was noticed there.

It knows neither who comes on it nor what must hold.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any, Protocol

from shared.adapters.card_gateways.sandbox_page import SandboxCardPage
from shared.adapters.connectors import Connectors
from shared.adapters.dispute_desks import Desks
from shared.adapters.method_providers.sandbox_counter import SandboxCounter
from shared.domain.errors import GatewayError
from shared.domain.ids import PaymentId, event_id
from shared.domain.merchant import Credential
from shared.domain.order import Order
from shared.domain.payment import Payment
from shared.ports.disputes import DisputeDesks
from shared.ports.orders import OrderChange
from shared.ports.payments import Change
from shared.ports.world import World
from tools.simulator.acquirers import ACQUIRERS, Acquirer, gateway_of
from tools.simulator.acquirers.card_page import CardPage
from tools.simulator.clients import Clients
from tools.simulator.collectors import Collector, at_stripe, is_stripes
from tools.simulator.desks import WatchedDesks
from tools.simulator.errands import OF_A_GATEWAY, Errand, errand_of, rings_in
from tools.simulator.executions import Executions
from tools.simulator.interpreter import load
from tools.simulator.issuers import FOCUS, Issuers, has_issuers
from tools.simulator.kernel import MICRO, Crash, Kernel, Process
from tools.simulator.meal_vouchers import with_rarer_vouchers
from tools.simulator.order_ports import StormyOrders
from tools.simulator.other_side import OF_PORTS, OtherSide, Watched
from tools.simulator.plan import Scenario, drawn, within
from tools.simulator.ports import StormyGateways
from tools.simulator.steps import perform
from tools.simulator.stores import Stormy, StormyPayments
from tools.simulator.storm import ASK, ServiceError, Storm, Weather
from tools.testing.builders import a_credential, a_record, an_account
from tools.testing.fakes import (
    FakeBells,
    FakeBooks,
    FakeCards,
    FakeDesks,
    FakeDisputes,
    FakeEvidence,
    FakeLinks,
    FakeMerchants,
    FakeMessenger,
    FakeOrders,
    FakePayments,
    FakeVault,
    connector_settings,
)


class Broken(BaseException):
    """An invariant does not hold. No ``except Exception`` on the way may swallow it."""


class Audience(Protocol):
    """Who hears of every write there."""

    def written(self, before: Payment | None, after: Payment, change: Change | None) -> None: ...

    def ordered(self, before: Order | None, after: Order, change: OrderChange) -> None: ...

    def plan(self) -> None:
        """Something else than a payment was written, and may be due now."""
        ...


class Stage:
    """The world of ``seed``."""

    def __init__(self, seed: int, without: frozenset[str], *, telling: bool) -> None:
        self.seed, self.without, self.telling = seed, without, telling
        self.broken: list[str] = []
        self.history: list[str] = []
        self.asked: set[PaymentId] = set()  # the payments whose presented card's holder was there
        self.turns: dict[PaymentId, datetime] = {}  # since when it is whose turn it is, by payment
        self.audience: Audience | None = None
        random = Random(f"{seed}/plan")  # noqa: S311 - a simulation, not a secret
        self.scenario: Scenario = with_rarer_vouchers(drawn(random, payments_in(seed), errand_of(seed)))
        self.kernel = Kernel(str(seed))
        self.kernel.ended = self._ended
        gateway = gateway_of(seed)
        self.acquirer: Acquirer | None = ACQUIRERS[gateway]() if gateway in ACQUIRERS else None
        if self.acquirer is not None:
            self.scenario = within(self.scenario, self.acquirer.abilities)
        self.account = self.acquirer.account() if self.acquirer else an_account()
        weather = _focused(Weather.drawn(random), seed, self.acquirer)
        self.issuers = Issuers(self.scenario, self.kernel) if has_issuers(seed) else None
        if self.issuers is not None:
            self.account = self.issuers.account()
            weather = replace(weather, focus=FOCUS[seed % len(FOCUS)]) if seed // 16 % 2 else weather
        self.collector = Collector(self.kernel, seed) if is_stripes(seed) else None
        if self.collector is not None:
            self.account, self.scenario = self.collector.account(), at_stripe(self.scenario)
            weather = self.collector.weather(weather)
        self.storm = Storm(self.kernel, weather, without)
        if telling:
            self.storm.note = self.note
        self.clients = Clients(self.kernel, self.storm, seed)
        self.payments = FakePayments()
        self.books = FakeBooks()
        self._entropy = Random(f"{seed}/entropy")  # noqa: S311
        self.page: Any = SandboxCardPage(self.books, self.kernel.clock)
        if self.acquirer is not None:
            self.page = CardPage(self.acquirer, self.payments, self.kernel, lambda: self.world)
        self.counter: Any = self.collector or SandboxCounter(self.books, self.kernel.clock)
        self.flow = Executions(
            self.kernel,
            self.storm,
            load(),
            lambda function, payload: perform(function, payload, world=self.world),
            self.scenario.lose_rate,
        )
        self.stored_links = FakeLinks()
        self.links = self._stormy(self.stored_links, "links")
        self.stored_orders = FakeOrders(self.payments)
        self.orders: Any = StormyOrders(self.stored_orders, self.storm, self._ordered)
        self.stored_cards = FakeCards(self.payments.uses)
        self.cards = self._stormy(self.stored_cards, "cards")
        self.stored_disputes = FakeDisputes(self.payments)
        self.disputes = self._stormy(self.stored_disputes, "disputes")
        self.files = FakeEvidence()
        self.desks: DisputeDesks = FakeDesks()
        self.rings = rings_in(seed)
        self.bells = self._stormy(FakeBells(), "bells")
        self.vault: Any = Stormy(FakeVault(), "vault", self.storm, self._planned, ASK, OF_PORTS)
        self.world = self._world()

    @property
    def credential(self) -> Credential:
        """The merchant's secret key, by which card payments go to this world's gateway."""
        return a_credential(account=self.account)

    def fail(self, what: str, cause: BaseException | None = None) -> None:
        """Note a broken invariant and end the simulation. Raises Broken."""
        self.broken.append(what)
        self.note(f"BROKEN {what}")
        raise Broken(what) from cause

    def note(self, text: str, process: Process | None = None) -> None:
        who = process or self.kernel.current
        name = who.name if who is not None else "-"
        self.history.append(f"{self.kernel.now / MICRO:12.3f}s  {name:<34} {text}")

    def _ended(self, process: Process) -> None:
        error = process.error
        if error is None or isinstance(error, Crash | GatewayError | ServiceError):
            if self.telling and error is not None:
                self.note(f"ended by {type(error).__name__}: {error}", process)
            return
        if isinstance(error, Broken):
            raise error
        self.fail(f"{process.name} ended with {type(error).__name__}: {error}", error)

    def _written(self, before: Payment | None, after: Payment, change: Change | None) -> None:
        if self.audience is not None:
            self.audience.written(before, after, change)

    def _ordered(self, before: Order | None, after: Order, change: OrderChange) -> None:
        if change.attempt is not None:
            self._written(None, self.payments.get(change.attempt.payment.id), change.attempt)
        if self.audience is not None:
            self.audience.ordered(before, after, change)

    def _planned(self) -> None:
        if self.audience is not None:
            self.audience.plan()

    def _is_on_record(self, key: str) -> bool:
        """Whether what is sent under ``key`` was written before, with its payment or with a refund of it."""
        payment = next((one for one in self.payments.all() if key.startswith(f"{one.id}:")), None)
        if payment is None:
            return False
        legs = [leg.operation for refund in self.payments.refunds(payment.id) for leg in refund.legs]
        return key in {operation.key for operation in (*payment.operations, *legs)}

    def _is_on_its_way(self, key: str) -> bool:
        """Whether what is sent to a dispute under ``key`` was written before, and that it is being sent."""
        said = [response.sending for dispute in self.stored_disputes.all() for response in dispute.responses]
        return any(one is not None and one.key == key and one.taken_at is not None for one in said)

    def _stormy(self, inner: object, name: str) -> Any:
        return Stormy(inner, name, self.storm, self._planned)

    def _world(self) -> World:
        settings = connector_settings(self.books, self.kernel.clock)
        if self.acquirer is not None:
            settings = self.acquirer.settings(self.books, self.kernel.clock, self.storm)
            watched = Watched("desk", self.storm, self.fail, self._is_on_its_way)
            self.desks = WatchedDesks(Desks(settings), watched)
        if self.issuers is not None:
            settings = self.issuers.settings(self.books, self.kernel.clock, self.storm)
        if self.collector is not None:
            settings = self.collector.settings(settings, self.books, self.kernel.clock, self.storm)
        gateways = StormyGateways(
            Connectors(settings),
            (Watched if self.acquirer else OtherSide)("card", self.storm, self.fail, self._is_on_record),
            (Watched if self.issuers else OtherSide)("voucher", self.storm, self.fail),
            (Watched if self.collector else OtherSide)("method", self.storm, self.fail),
            self.scenario.closes_pages,
            self.acquirer.side if self.acquirer else None,
        )
        merchants = FakeMerchants()
        merchants.create(a_record(test=self.account))
        return World(
            payments=StormyPayments(self.payments, self.storm, self._written),  # type: ignore[arg-type]
            merchants=merchants,
            gateways=gateways,
            flow=self.flow,
            messenger=FakeMessenger(),
            now=self.kernel.clock,
            entropy=self._entropy.randbytes,
            checkout_seconds=self.scenario.checkout_seconds,
            pause=lambda attempt: self.kernel.sleep(min(0.4, 0.01 * 2**attempt)),
            event_id=event_id,
        )


def _focused(weather: Weather, seed: int, acquirer: Acquirer | None) -> Weather:
    """In two of three worlds at an acquirer one call of its connector is struck above all.

    Where a presented card is charged, and nothing else is struck above all, in half of the worlds that is.

    Of those about orders a quarter more strikes what is written of the order.
    """
    if acquirer is not None:
        which, named = divmod(seed // 4, 3)
        focus = acquirer.focus
        if errand_of(seed) is Errand.DISPUTE:
            which, named, focus = seed // 16, 1, acquirer.focus_of_answers
        return replace(weather, focus=focus[which % len(focus)]) if named else weather
    errand, quarter = errand_of(seed), seed % 64 // 16
    if errand is Errand.ORDER and quarter == 1:
        return replace(weather, focus=weather.focus or "orders.save")
    charges = errand in (Errand.PRESENTED, Errand.ORDER) and quarter % 2 == 0
    return replace(weather, focus=weather.focus or "card.authorise") if charges else weather


def payments_in(seed: int) -> int:
    """How many payments share the world of ``seed``: most are alone, some share vouchers; an order has its tries."""
    if seed >= OF_A_GATEWAY:
        return 2 if seed % 8 == 0 else 1
    return 1 if errand_of(seed) is Errand.ORDER else (1, 1, 1, 2, 1, 1, 1, 3)[seed % 8]
