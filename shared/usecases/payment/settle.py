"""Close an operation by a person's word, where the other side answers no question about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shared.domain.errors import Conflict, InProgress, NotFound
from shared.domain.ids import PaymentId, RefundId
from shared.domain.operation import Answer, Operation
from shared.domain.payment import Payment
from shared.domain.record import dataclass
from shared.ports.world import World
from shared.usecases.payment.ask_open import ask_open

if TYPE_CHECKING:
    from shared.domain.saved_card import SavedCard
    from shared.ports.connectors import CardGateway, Gateways, VoucherProvider
    from shared.ports.methods import MethodProvider


def settle(payment_id: PaymentId, key: str, answer: Answer, *, world: World) -> Payment:
    """The payment after what its operation ``key`` came to, as a person found out; what follows from it follows.

    ``answer`` is SUCCEEDED or REFUSED, and its message says who found out and how. Everything else is asked as
    always. Raises NotFound, Conflict when the operation is closed already, InProgress while a call may be sending it.
    """
    payment = world.payments.get(payment_id)
    operation = _operation(payment, key, world)
    if not operation.is_open:
        raise Conflict(f"{key} is {operation.state} already", code="settled_already")
    if operation.is_someone_elses(world.now()):
        raise InProgress(f"{key} is being sent at this moment")
    payment = ask_open(payment, world=replace(world, gateways=_Told(world.gateways, key, answer)))
    still_open = {op.key for op in payment.open_operations()} | {leg.partition("/")[2] for leg in payment.open_legs}
    if key in still_open:
        raise InProgress(f"{key} could not be closed now; try again")
    return payment


def _operation(payment: Payment, key: str, world: World) -> Operation:
    found = payment.operation(key)
    for open_leg in payment.open_legs if found is None else ():
        refund_id, _, leg_key = open_leg.partition("/")
        if leg_key == key:
            refund = world.payments.refund(payment.id, RefundId(refund_id))
            found = next((leg.operation for leg in refund.legs if leg.operation.key == key), None)
    if found is None:
        raise NotFound(f"this payment has no open operation {key}")
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """The port ``Gateways``: what is asked about one operation is answered by what a person said."""

    inner: Gateways
    key: str
    answer: Answer

    def card(self, payment: Payment | SavedCard) -> CardGateway:
        told: Any = _Answering(self.inner.card(payment), self.key, self.answer)
        return told  # type: ignore[no-any-return]

    def voucher(self, payment: Payment, name: str) -> VoucherProvider:
        told: Any = _Answering(self.inner.voucher(payment, name), self.key, self.answer)
        return told  # type: ignore[no-any-return]

    def method(self, payment: Payment) -> MethodProvider:
        told: Any = _Answering(self.inner.method(payment), self.key, self.answer)
        return told  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class _Answering:
    """A gateway that has been asked already: a person looked, and this is what it would say."""

    inner: Any
    key: str
    answer: Answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def lookup(self, payment: Payment, *asked: Any) -> Answer | None:
        keys = [each.key for each in asked if isinstance(each, Operation)]
        found: Answer | None = self.answer if self.key in keys else self.inner.lookup(payment, *asked)
        return found
