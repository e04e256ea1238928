"""The sandbox's collector: whoever takes the money of its methods, with customers at the counter."""

from __future__ import annotations

from collections.abc import Mapping

from shared.adapters.method_providers.sandbox_counter import SandboxCounter
from shared.domain.method import Action, MethodKind
from shared.domain.money import Money
from shared.domain.payment import Payment
from tools.testing.far_sides.sandbox import Sandbox
from tools.testing.far_sides.side import MethodBook, Offer


class SandboxCollector(Sandbox):
    """The port ``MethodFarSide``."""

    offers: Mapping[MethodKind, Offer] = {
        MethodKind.ONLINE: Offer("ideal"),
        MethodKind.CASH: Offer("boleto", gives_back=False),
        MethodKind.PREPAID: Offer("boleto"),
        MethodKind.CRYPTO: Offer("boleto", gives_back=False),
    }
    in_parts = True
    keeps_refusals = True

    @property
    def _counter(self) -> SandboxCounter:
        return SandboxCounter(self.books, self.clock)

    def receive(self, payment: Payment, amount: Money) -> bool:
        return self._counter.receive(payment.id, amount.minor)

    def close(self) -> None:
        """It is a part of this process."""

    def reject(self, payment: Payment) -> None:
        self._counter.act(payment.id, Action.REJECT)

    def fail(self, payment: Payment) -> None:
        self._counter.act(payment.id, Action.FAIL)

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def book(self, payment: Payment) -> MethodBook:
        doc = self._counter.book(payment.id)
        begun = sum(call["operation"] == "BEGIN" for call in doc.get("calls", []))
        amounts = (sum(minor for _, minor in doc.get("receipts", [])), doc.get("refunded", 0))
        return MethodBook(begun, *(Money(minor, payment.amount.currency) for minor in amounts))
