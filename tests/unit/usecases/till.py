"""One payment at a time through the real state machine: what customer and merchant do, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from shared.adapters.card_gateways.sandbox_books import PAGE
from shared.adapters.card_gateways.sandbox_page import SandboxCardPage
from shared.adapters.voucher_providers.sandbox import VOUCHER, voucher_id
from shared.domain.card_data import CardData
from shared.domain.event import Event, PaymentFacts
from shared.domain.ids import PaymentId
from shared.domain.money import Money
from shared.domain.operation import Kind
from shared.domain.payment import Mode, Payment, Tender
from shared.domain.refund import Refund
from shared.families.payglobe.notices import FORMATS
from shared.ports.connectors import PageOutcome
from shared.usecases.housekeeping.look_after_payments import look_after, sweep
from shared.usecases.payment.choose_tender import TenderChoice, choose_tender
from shared.usecases.payment.record_card_outcome import record_card_outcome
from shared.usecases.payment.start_payment import NewPayment, start_payment
from shared.usecases.refund.refund_payment import refund_payment
from tests.unit.usecases.machines import Machines
from tools.testing.builders import MERCHANT, a_credential, euro
from tools.testing.fakes import FixedClock, world

VISA = "4242424242424242"
CHALLENGE = "4000002500003155"
UNION = FORMATS["union"]
DECLINED = "4000000000000002"
CAPTURE_FAILS = "4000000000000341"
REFUND_FAILS = "4000000000005126"
ANSWER_LOST = "4000000000000119"
HOLDS_ON = "4000000000000077"


class Till:
    """A shop's till with one payment at a time; every action lets the machine go on as far as it gets."""

    def __init__(self, **overrides: Any) -> None:
        clock = FixedClock()
        self.machines = Machines(clock)
        self.world = world(now=clock, flow=self.machines, **overrides)
        self.machines.world = self.world
        self.page = SandboxCardPage(self.world.books, clock)
        self.id = PaymentId("")
        self._seeds = count(1)

    # ---- what people do ----

    def open(self, amount: Money | None = None, mode: Mode | None = None, **order: Any) -> Payment:
        seed = next(self._seeds).to_bytes(1, "big") * 64
        wanted = NewPayment(amount or euro(150_00), "https://pages.example", mode, **order)
        self.id = start_payment(wanted, a_credential(), world=self.world, seed=seed).payment.id
        self.machines.pump()
        return self.payment

    def enter_card(self, number: str = VISA) -> PageOutcome | None:
        """The card is typed in at the gateway; nobody has told us yet."""
        return self.page.submit(self.payment.page_id, CardData(number, "Ada", 12, 2030, "123"))

    def pay_by_card(self, number: str = VISA) -> Payment:
        self.enter_card(number)
        return self.hear()

    def hear(self) -> Payment:
        """Somebody brings the news that the card page came to something."""
        record_card_outcome(self.id, world=self.world)
        self.machines.pump()
        return self.payment

    def held(self, number: str = VISA, amount: Money | None = None) -> Payment:
        self.open(amount)
        return self.pay_by_card(number)

    def choose(self, tender: Tender, *otps: str, amount: Money | None = None) -> Payment:
        choose_tender(self.id, TenderChoice(tender, otps, amount), world=self.world)
        self.machines.pump()
        return self.payment

    def spend(self, *otps: str) -> Payment:
        return self.choose(Tender.VOUCHERS, *otps)

    def card_only(self) -> Payment:
        return self.choose(Tender.CARD_ONLY)

    def refund(self, amount: Money | None = None) -> Refund:
        seed = next(self._seeds).to_bytes(1, "big") * 64
        return refund_payment(self.id, amount, "returned", world=self.world, seed=seed)[1]

    # ---- time ----

    def wait(self, seconds: float) -> Payment:
        """Let time pass: sleeping executions go on, housekeeping comes by every minute."""
        until = self.world.now() + timedelta(seconds=seconds)
        tick = self.world.now().replace(second=0, microsecond=0) + timedelta(seconds=60)
        while True:
            rings = self.machines.wakes_at()
            moment = min(when for when in (rings, tick, until) if when is not None)
            self.world.now.advance((moment - self.world.now()).total_seconds())
            self.machines.ring()
            self.machines.pump()
            if moment == tick:
                self.tidy()
                tick += timedelta(seconds=60)
            if moment >= until:
                return self.payment

    def tidy(self) -> Payment:
        sweep(100, world=self.world)
        self.machines.pump()
        return self.payment

    def look(self) -> Payment:
        """Housekeeping looks at the payment, due or not."""
        look_after(self.payment, world=self.world)
        self.machines.pump()
        return self.payment

    # ---- what came of it ----

    @property
    def payment(self) -> Payment:
        return self.world.payments.get(self.id)

    @property
    def state(self) -> str:
        return self.payment.status.value

    @property
    def execution(self) -> str:
        """What became of the payment's latest execution."""
        return self.machines.results.get(f"{self.id}-{self.payment.executions}", "RUNNING")

    def book(self) -> dict[str, Any]:
        return self.world.books.load(PAGE, self.payment.page_id)[0]

    def in_book(self) -> tuple[int, int, int, int, int]:
        """(authorised, captured, released, voided, refunded) in minor units, as the gateway has them."""
        book = self.book()
        return tuple(book[name] for name in ("authorised", "captured", "released", "voided", "refunded"))

    def voucher(self, otp: str) -> dict[str, Any]:
        return self.world.books.load(VOUCHER, voucher_id(MERCHANT, "test", otp))[0]

    def used(self, otp: str) -> int:
        """Minor units of a voucher that are spent at its provider."""
        return sum(self.voucher(otp)["uses"].values())

    def calls(self, operation: str) -> int:
        return sum(call["operation"] == operation for call in self.book()["calls"])

    def operations(self, kind: Kind) -> list[str]:
        return [op.state.value for op in self.payment.operations if op.kind is kind]

    def told(self) -> list[tuple[str, str]]:
        """(type, operationType) of every event that endpoints are told, in order."""
        named = [(UNION.name(event), event) for event in self.world.events.told]
        return [(name, _paid(event).operation.value) for name, event in named if name]

    def change(self, **fields: Any) -> Payment:
        """Put the payment into another state by hand."""
        return self.world.payments.add(replace(self.payment, **fields))


def _paid(event: Event) -> PaymentFacts:
    assert event.facts.payment is not None
    return event.facts.payment
