"""Give back what a card page took after its payment had ended, and what a capture left held."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.attention import HOLD_NOT_RELEASED, flagged
from shared.domain.course import LATE, REST
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Payment
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, change
from shared.usecases.payment.operating import ask, send
from shared.usecases.payment.returned import returned

LATE_PAYMENT_NOT_REFUNDED: Final = "LATE_PAYMENT_NOT_REFUNDED"


def late_operation(payment: Payment) -> Operation | None:
    """The open operation that gives back a late payment, or what a capture left held."""
    return next((op for op in payment.open_operations() if op.key.endswith((f":{LATE}", f":{REST}"))), None)


def release_late(payment: Payment, *, world: World, ask_first: bool) -> Payment:
    """Void a late preauthorisation or the rest of a hold, or refund a late sale, if one is written and open.

    ``ask_first`` for whoever did not write the operation just now: it may have been sent already, and while
    another call may still be sending it, it is left alone.
    """
    operation = late_operation(payment)
    if operation is None or (ask_first and operation.is_someone_elses(world.now())):
        return payment
    gateway = world.gateways.card(payment)
    call = gateway.void if operation.kind is Kind.VOID else gateway.refund
    answer = None
    if ask_first:
        answer = ask(lambda: gateway.lookup(payment, operation), operation)
    if answer is None:
        sent = replace(operation, taken_at=world.now()) if ask_first else operation  # it may have been sent before
        answer = send(lambda: call(payment, sent))
    return change(payment, lambda p, now: _close(p, operation, answer, now), world=world)


def _close(payment: Payment, operation: Operation, answer: Answer, now: datetime) -> Decision | None:
    stored = payment.operation(operation.key)
    if stored is None or not stored.is_open:
        return None
    closed = stored.closed(answer, now)
    payment = payment.with_operation(closed)
    if closed.state is State.REFUSED:
        kept = HOLD_NOT_RELEASED if closed.kind is Kind.VOID else LATE_PAYMENT_NOT_REFUNDED
        payment = flagged(payment, kept)
    came_late = closed.key.endswith(f":{LATE}")  # not what a capture left of its own hold
    return Decision(payment, returned(closed) if came_late else (), looked=closed.is_open)
