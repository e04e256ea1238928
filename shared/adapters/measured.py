"""Metrics around ports: what gateways take, how payments end. What is measured behaves as it did before."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

from shared.adapters.metrics import count, milliseconds
from shared.adapters.touched import touch, touched
from shared.domain.errors import GatewayError
from shared.domain.event import EventType
from shared.domain.payment import Payment
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from shared.domain.ids import PaymentId
    from shared.domain.saved_card import SavedCard
    from shared.ports.connectors import CardGateway, Gateways, VoucherProvider
    from shared.ports.disputes import DisputeChange, Disputes
    from shared.ports.methods import MethodProvider
    from shared.ports.payments import Change, Payments


@dataclass(frozen=True, slots=True)
class MeasuredGateways:
    """The port ``Gateways``: each call to a connector is timed, by connector, operation and outcome."""

    inner: Gateways

    def card(self, payment: Payment | SavedCard) -> CardGateway:
        return cast("CardGateway", _Measured(self.inner.card(payment), payment.gateway))

    def voucher(self, payment: Payment, name: str) -> VoucherProvider:
        return cast("VoucherProvider", _Measured(self.inner.voucher(payment, name), name))

    def method(self, payment: Payment) -> MethodProvider:
        return cast("MethodProvider", _Measured(self.inner.method(payment), payment.provider))


@dataclass(frozen=True, slots=True)
class _Measured:
    """A connector whose calls are timed, each under its own name."""

    connector: object
    name: str

    def __getattr__(self, operation: str) -> Any:
        call = getattr(self.connector, operation)
        if not callable(call) or operation == "takes":
            return call  # what it declares, and what it sees by itself, is no call

        def timed(*args: Any, **kwargs: Any) -> Any:
            started, outcome = time.perf_counter(), "crashed"
            try:
                answer = call(*args, **kwargs)
                outcome = str(getattr(answer, "state", "answered")).lower()
                return answer
            except GatewayError as error:
                outcome = error.error_code
                raise
            finally:
                elapsed = (time.perf_counter() - started) * 1000
                labels = {"connector": self.name, "operation": operation, "outcome": outcome}
                payment_id = touched()
                about = {"paymentId": payment_id} if payment_id else None
                milliseconds("OperationLatency", elapsed, about=about, **labels)

        return timed


@dataclass(frozen=True, slots=True)
class MeasuredPayments:
    """The port ``Payments``: counts payments by how they ended, and those that need a person."""

    inner: Payments

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def get(self, payment_id: PaymentId) -> Payment:
        payment = self.inner.get(payment_id)
        touch(payment.id)
        return payment

    def create(self, change: Change) -> Payment | None:
        touch(change.payment.id)
        return self.inner.create(change)

    def save(self, change: Change) -> Payment | None:
        touch(change.payment.id)
        current = self.inner.save(change)
        if current is None:
            _tell(change)
        return current


def _tell(change: Change) -> None:
    payment = change.payment
    if any(event.type is EventType.CHECKOUT_ENDED for event in change.events):
        count("PaymentsEnded", outcome=payment.status.value, environment=payment.environment.value)
        if payment.completed_at is not None:
            elapsed = (payment.completed_at - payment.created_at).total_seconds()
            milliseconds("TimeToCapture", elapsed * 1000, environment=payment.environment.value)
    _tell_attention(payment)


@dataclass(frozen=True, slots=True)
class MeasuredDisputes:
    """The port ``Disputes``: counts the payments that need a person for a dispute's sake."""

    inner: Disputes

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def save(self, change: DisputeChange) -> bool:
        saved = self.inner.save(change)
        if saved and change.payment is not None:
            _tell_attention(change.payment)
        return saved


def _tell_attention(payment: Payment) -> None:
    if payment.attention:
        count("PaymentsNeedAttention", about={"paymentId": payment.id, "attention": payment.attention})
