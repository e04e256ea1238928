"""Worlds whose methods are Stripe's: its connector and far side, a storm on the wire between them, and its customers.

Money comes whole, once and in time there, or not at all; a slip that was paid may take a day to be booked, and a
refund that was accepted may be taken back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from shared.domain.account import Connector
from shared.domain.method import STRIPE_METHODS, Action, MethodKind
from tools.simulator.errands import FROM_STRIPES, OF_A_GATEWAY
from tools.simulator.kernel import MICRO, START
from tools.simulator.wire import NoPort, QuietCircuits, Wire
from tools.testing.builders import an_account
from tools.testing.far_sides.stripe import methods
from tools.testing.far_sides.stripe.collector import StripeCollector
from tools.testing.far_sides.stripe.server import StripeAcquirer

if TYPE_CHECKING:
    from shared.adapters.settings import ConnectorSettings
    from shared.domain.account import Account
    from shared.domain.ids import PaymentId
    from shared.ports.books import Books
    from shared.ports.world import Clock
    from tools.simulator.kernel import Kernel
    from tools.simulator.plan import Plan, Scenario
    from tools.simulator.storm import Storm, Weather
    from tools.testing.far_sides.door import Reply, Request
    from tools.testing.far_sides.stripe.books import Intent, Refund

FOCUS: Final = (
    *("method.begin", "method.intent", "method.cancel", "method.refund"),
    *("method.list.payment_intents", "method.list.refunds"),
)
# Method and currency; the last of each does not fit, so that its beginning is refused.
_ONLINE: Final = (
    ("ideal", "EUR"),
    ("bancontact", "EUR"),
    ("przelewy24", "PLN"),
    ("przelewy24", "EUR"),
    ("ideal", "JPY"),
)
_SLIP: Final = (("oxxo", "MXN"), ("oxxo", "MXN"), ("oxxo", "MXN"), ("oxxo", "EUR"))
_REFUSED: Final = {
    Action.REJECT: "payment_intent_authentication_failure",
    Action.FAIL: "processing_error",
    Action.EXPIRE: "payment_intent_payment_attempt_expired",
}
_BOOKED_AFTER: Final = (0.0, 0.0, 900.0, 20_000.0)  # seconds from the counter to the account
_SETTLED_AFTER: Final = (5.0, 600.0, 90_000.0)


def is_stripes(seed: int) -> bool:
    return FROM_STRIPES <= seed < OF_A_GATEWAY


def at_stripe(scenario: Scenario) -> Scenario:
    """The same payments by methods that Stripe has, now and then in a currency that they are not paid in."""
    return replace(scenario, plans=tuple(map(_fitted, scenario.plans)))


def _fitted(plan: Plan) -> Plan:
    assert plan.method is not None
    moment = int(plan.opens_at * 1000)  # says which, so that it costs nobody a draw
    kind = MethodKind.CASH if plan.method.kind is MethodKind.CASH else MethodKind.ONLINE
    choices = _SLIP if kind is MethodKind.CASH else _ONLINE
    code, currency = choices[moment % len(choices)]
    return replace(plan, currency=currency, method=replace(plan.method, kind=kind, code=code))


class _Stripe(NoPort, StripeAcquirer): ...


@dataclass
class Collector:
    """Stripe in one world, as its customers and its books: what ``SandboxCounter`` is for the sandbox's provider."""

    kernel: Kernel
    seed: int

    def __post_init__(self) -> None:
        self.side = StripeCollector(_Stripe)
        self.stripe = self.side.acquirer.account
        self.stripe.now = lambda: START + timedelta(microseconds=self.kernel.now)
        self.stripe.refunds_wait = self.seed % 4 == 0
        self._settling: set[str] = set()
        self._refused: set[str] = set()  # by its bank, while no other had been begun

    @staticmethod
    def account() -> Account:
        return an_account(method_provider=Connector(STRIPE_METHODS))

    def settings(self, settings: ConnectorSettings, books: Books, now: Clock, storm: Storm) -> ConnectorSettings:
        self._storm = storm
        wire = Wire(log=False, storm=storm, answers=self._answers, forges=lambda request: None, port="method")
        own = self.side.settings.credentials
        return replace(settings, books=books, now=now, credentials=own, http=wire, circuits=QuietCircuits(now))

    def weather(self, weather: Weather) -> Weather:
        """In half of these worlds one call of the connector is struck above all."""
        return replace(weather, focus=FOCUS[self.seed % len(FOCUS)]) if self.seed // 8 % 2 else weather

    # ---- what customers and their banks do ----

    def receive(self, payment_id: PaymentId, minor: int) -> bool:
        """The customer pays, whatever part of it they had in mind: all, now, or booked only later."""
        paid = [self._pays(one) for one in self._of(payment_id) if one.status == "requires_action"]
        return any(paid)

    def _pays(self, intent: Intent) -> bool:
        current = self.kernel.current
        waits = current.random.choice(_BOOKED_AFTER) if current and intent.kind == methods.SLIP else 0.0
        if not waits:
            return methods.paid(self.stripe, intent)
        if not methods.handed_in(self.stripe, intent):
            return False
        self.kernel.at(self.kernel.now + int(waits * MICRO), lambda: self._books(intent))
        return True

    def _books(self, intent: Intent) -> None:
        self._storm.last_trouble = self.kernel.now  # until then nobody could go on
        methods.paid(self.stripe, intent)

    def act(self, payment_id: PaymentId, action: Action) -> None:
        mine = self._of(payment_id)
        for one in mine:
            if one.status == "requires_action":
                methods.refused(one, _REFUSED[action])
                self._refused.update({one.id} if one is mine[-1] else ())

    # ---- its books, as the sandbox's are told ----

    def book(self, payment_id: PaymentId) -> dict[str, Any]:
        intents = self._of(payment_id)
        if not intents:
            return {}
        payable = [one for one in intents if one.received or not self._made_way(one, intents[-1])]
        return {
            "number": intents[-1].id,
            "method": "przelewy24" if intents[-1].kind == "p24" else intents[-1].kind,
            "receipts": [[one.charge, one.received] for one in intents if one.received],
            "refunded": sum(one.refunded for one in intents),
            "calls": [{"operation": "BEGIN"} for _ in payable],
        }

    def _made_way(self, intent: Intent, last: Intent) -> bool:
        """Whether nobody can pay it beside another: it was called back, or refused before there was another."""
        return intent.status == "canceled" or (intent is not last and intent.id in self._refused)

    def _of(self, payment_id: PaymentId) -> list[Intent]:
        known = self.stripe.intents.values()
        return [one for one in known if one.metadata.get("transactionId") == payment_id]

    def _answers(self, request: Request) -> Reply:
        answered = self.side.acquirer.answer(request)
        for refund in list(self.stripe.refunds.values()):
            if refund.status == "pending" and refund.id not in self._settling:
                self._settling.add(refund.id)
                self._settles(refund)
        return answered

    def _settles(self, refund: Refund) -> None:
        current = self.kernel.current
        assert current is not None
        after, stands = current.random.choice(_SETTLED_AFTER), current.random.random() < 0.7
        self.kernel.at(self.kernel.now + int(after * MICRO), lambda: self.stripe.settle(refund, stands=stands))
