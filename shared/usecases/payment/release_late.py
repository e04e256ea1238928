"""Give back what a card page took after its end, what a capture left held, and what it took beyond what was owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.attention import HOLD_NOT_RELEASED, flagged
from shared.domain.course import LATE, REST
from shared.domain.difference import next_try, told_of
from shared.domain.event import EventType
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Payment, Status
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, Told, change
from shared.usecases.payment.operating import ask, send
from shared.usecases.payment.returned import returned

LATE_PAYMENT_NOT_REFUNDED: Final = "LATE_PAYMENT_NOT_REFUNDED"


def late_operation(payment: Payment) -> Operation | None:
    """The open operation that gives back a late payment, what a capture left held, or what it took too much of."""
    of_ours = (f":{LATE}", f":{REST}")
    return next((op for op in payment.open_operations() if op.key.endswith(of_ours) or op.is_difference), None)


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


def give_difference_again(payment: Payment, *, world: World) -> Payment:
    """Try again what was refused. Each try is on record before it is sent, under a key of its own."""
    made: list[Operation] = []

    def write(current: Payment, now: datetime) -> Decision | None:
        following = next_try(current, now)
        made[:] = [following] if following else []
        return Decision(current.with_operation(following), looked=True) if following else None

    if not payment.owes_difference:
        return payment
    payment = change(payment, write, world=world)
    ours = made and not made[0].for_a_person
    return release_late(payment, world=world, ask_first=False) if ours else payment


def _after_difference(payment: Payment, closed: Operation, now: datetime) -> Decision:
    """Its payment is paid as soon as this is answered: what is refused stays owed, and is tried again."""
    if closed.is_open:
        return Decision(payment, looked=True)
    payment = told_of(payment, closed)
    if payment.status is not Status.PROCESSING:
        return Decision(payment, looked=closed.state is State.REFUSED)
    tells = [Told(EventType.PAID, Kind.CAPTURE), Told(EventType.CHECKOUT_ENDED, Kind.CAPTURE)]
    return Decision(payment.moved(Status.SUCCESS, now), tells)


def _close(payment: Payment, operation: Operation, answer: Answer, now: datetime) -> Decision | None:
    stored = payment.operation(operation.key)
    if stored is None or not stored.is_open:
        return None
    closed = stored.closed(answer, now)
    payment = payment.with_operation(closed)
    if closed.is_difference:
        return _after_difference(payment, closed, now)
    if closed.state is State.REFUSED:
        kept = HOLD_NOT_RELEASED if closed.kind is Kind.VOID else LATE_PAYMENT_NOT_REFUNDED
        payment = flagged(payment, kept)
    came_late = closed.key.endswith(f":{LATE}")  # not what a capture left of its own hold
    return Decision(payment, returned(closed) if came_late else (), looked=closed.is_open)
