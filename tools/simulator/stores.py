"""The stores of the use cases with a storm in front of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from shared.domain.ids import PaymentId, RefundId
from shared.domain.operation import Kind
from shared.domain.payment import Payment, Wait
from shared.domain.psp_reference import PspReference
from shared.domain.refund import Refund
from shared.ports.payments import Change
from tools.simulator.storm import STORE, WRITE, Errors, Fault, Result, ServiceError, Storm
from tools.testing.fakes import FakePayments

OF_AWS: Final = Errors(ServiceError, ServiceError)


@dataclass
class StormyPayments:
    """The port ``Payments``, as far as payment use cases need it. ``written`` hears of every write."""

    inner: FakePayments
    storm: Storm
    written: Callable[[Payment | None, Payment, Change | None], None]

    def get(self, payment_id: PaymentId) -> Payment:
        return self._call("get", lambda: self.inner.get(payment_id))

    def create(self, change: Change) -> Payment | None:
        return self._call("create", lambda: self._kept(None, change, self.inner.create))

    def save(self, change: Change) -> Payment | None:
        def act() -> Payment | None:
            return self._kept(self.inner.get(change.payment.id), change, self.inner.save)

        def another_first() -> Payment | None:
            there = self.inner.get(change.payment.id)
            self.inner.add(replace(there, client_secrets=there.client_secrets[-9:]))
            return act()

        return self.storm.call("payments.save", act, WRITE, OF_AWS, another_first)

    def take(self, payment_id: PaymentId, kind: Kind, now: datetime) -> tuple[Payment, bool]:
        def act() -> tuple[Payment, bool]:
            before = self.inner.get(payment_id)
            payment, taken = self.inner.take(payment_id, kind, now)
            if taken:
                self.written(before, payment, None)
            return payment, taken

        return self._call("take", act)

    def park(self, payment_id: PaymentId, wait: Wait, token: str, now: datetime) -> Payment | None:
        def act() -> Payment | None:
            before = self.inner.get(payment_id)
            refused = self.inner.park(payment_id, wait, token, now)
            if refused is None:
                self.written(before, self.inner.get(payment_id), None)
            return refused

        return self._call("park", act)

    def by_reference(self, reference: PspReference) -> list[PaymentId]:
        return self._call("by_reference", lambda: self.inner.by_reference(reference))

    def refunds(self, payment_id: PaymentId) -> list[Refund]:
        return self._call("refunds", lambda: self.inner.refunds(payment_id))

    def refund(self, payment_id: PaymentId, refund_id: RefundId) -> Refund:
        return self._call("refund", lambda: self.inner.refund(payment_id, refund_id))

    def due(self, now: datetime, limit: int) -> list[PaymentId]:
        return self._call("due", lambda: self.inner.due(now, limit))

    def _call(self, name: str, act: Callable[[], Result]) -> Result:
        return self.storm.call(f"payments.{name}", act, STORE, OF_AWS)

    def _kept(
        self, before: Payment | None, change: Change, write: Callable[[Change], Payment | None]
    ) -> Payment | None:
        there = write(change)
        if there is None:
            self.written(before, self.inner.get(change.payment.id), change)
        return there


class Stormy:
    """Any port with a storm in front of it. ``after`` is called when a call has had its effect."""

    def __init__(
        self,
        inner: object,
        name: str,
        storm: Storm,
        after: Callable[[], None],
        faults: tuple[Fault, ...] = STORE,
        errors: Errors = OF_AWS,
    ) -> None:
        self._inner, self._name, self._storm, self._after = inner, name, storm, after
        self._faults, self._errors = faults, errors

    def __getattr__(self, method: str) -> Callable[..., Any]:
        real = getattr(self._inner, method)

        def call(*given: Any, **named: Any) -> Any:
            def act() -> Any:
                result = real(*given, **named)
                self._after()
                return result

            return self._storm.call(f"{self._name}.{method}", act, self._faults, self._errors)

        return call
