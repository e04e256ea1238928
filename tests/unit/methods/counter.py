"""One payment by a method at a time: what its customer does, what its provider does, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared.adapters.method_providers.sandbox_counter import SandboxCounter
from shared.domain.event import EventType
from shared.domain.method import Action, MethodChoice, MethodKind, Payer
from shared.domain.money import Money
from shared.domain.operation import Kind
from shared.domain.payment import Mode, Payment
from shared.usecases.method.begin_method import begin_method
from shared.usecases.method.choose_method import ChosenMethod, choose_method
from shared.usecases.method.end_method import cancel_method
from shared.usecases.method.record_method_outcome import record_method_outcome
from tests.unit.usecases.till import Till
from tools.testing.builders import euro

WHOLE = euro(150_00)
HOUR = timedelta(hours=1)
DAYS = timedelta(days=3)


class Counter(Till):
    """A till whose payments are by method. ``kind`` of each: a bank's own page unless a test says otherwise."""

    def __init__(self, **overrides: Any) -> None:
        super().__init__(**overrides)
        self.theirs = SandboxCounter(self.world.books, self.world.now)

    # ---- what people do ----

    def ask(self, **order: Any) -> Payment:
        """The shop asks for a payment whose method nobody has chosen."""
        return self.open(WHOLE, Mode.ALTERNATIVE, **order)

    def choose_method(self, kind: MethodKind = MethodKind.ONLINE, code: str = "", payer: str = "Rossi") -> Payment:
        lasts = DAYS if kind is MethodKind.CASH else HOUR
        chosen = ChosenMethod(
            code or kind.value,
            MethodChoice(kind, int(lasts.total_seconds())),
            Payer("IT", "Ada", payer),
            "ada@shop.example",
        )
        return choose_method(self.payment, chosen, world=self.world)

    def begin(self) -> Payment:
        return begin_method(self.payment, world=self.world)

    def begun(self, kind: MethodKind = MethodKind.ONLINE, payer: str = "Rossi") -> Payment:
        self.ask()
        self.choose_method(kind, payer=payer)
        return self.begin()

    def comes(self, amount: Money = WHOLE) -> bool:
        """Money comes at the provider; nobody has told us yet."""
        return self.theirs.receive(self.id, amount.minor)

    def acts(self, action: Action) -> Payment:
        self.theirs.act(self.id, action)
        return self.hear()

    def hear(self) -> Payment:
        return record_method_outcome(self.id, world=self.world)

    def pay(self, amount: Money = WHOLE) -> Payment:
        assert self.comes(amount)
        return self.hear()

    def cancel(self) -> Payment:
        return cancel_method(self.payment, world=self.world)

    # ---- what came of it ----

    def at_the_provider(self) -> tuple[int, int]:
        """(received, refunded) in minor units, as the provider has them."""
        book = self.theirs.book(self.id)
        return sum(minor for _, minor in book.get("receipts", [])), book.get("refunded", 0)

    def begun_times(self) -> int:
        return sum(call["operation"] == "BEGIN" for call in self.theirs.book(self.id).get("calls", []))

    def amounts(self, kind: Kind) -> list[tuple[int, str]]:
        return [(op.amount.minor, op.state.value) for op in self.payment.operations if op.kind is kind]

    def news(self) -> list[EventType]:
        return [event.type for event in self.world.events.told]
