"""Give back what a card page took after its payment had ended."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from shared.domain.operation import Answer, Kind, Operation
from shared.domain.payment import Payment
from shared.ports import World
from shared.usecases.changing import Decision, change
from shared.usecases.operating import ask, send

LATE: Final = "late"


def release_late(payment: Payment, *, world: World, ask_first: bool = False) -> Payment:
    """Void a late preauthorisation or refund a late sale, if one is written and open.

    ``ask_first`` for whoever did not write the operation just now: it may have been sent already.
    """
    operation = next((op for op in payment.open_operations() if op.key.endswith(f":{LATE}")), None)
    if operation is None:
        return payment
    gateway = world.gateways.card(payment)
    call = gateway.void if operation.kind is Kind.VOID else gateway.refund
    answer = None
    if ask_first:
        answer = ask(lambda: gateway.lookup(payment, operation.key, operation.kind))
    if answer is None:
        answer = send(lambda: call(payment, operation.key, operation.amount))
    return change(payment, lambda p, now: _close(p, operation, answer, now), world=world)


def _close(payment: Payment, operation: Operation, answer: Answer, now: datetime) -> Decision | None:
    stored = payment.operation(operation.key)
    if stored is None or not stored.is_open:
        return None
    return Decision(payment.with_operation(stored.closed(answer, now)))
