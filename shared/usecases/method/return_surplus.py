"""Send back what came to a payment by a method and is nobody's: too late, too much, or too little."""

from __future__ import annotations

from datetime import datetime

from shared.domain.attention import flagged
from shared.domain.method_course import ATTENTION, returns
from shared.domain.operation import Answer, Operation, State
from shared.domain.payment import Payment
from shared.ports.world import World
from shared.usecases.payment.changing import Decide, Decision, change
from shared.usecases.payment.operating import ask, send
from shared.usecases.payment.returned import returned


def change_and_return(payment: Payment, decide: Decide, *, world: World) -> Payment:
    """``change``, and send what returns it wrote."""
    ours: list[str] = []

    def noted(current: Payment, now: datetime) -> Decision | None:
        decision = decide(current, now)
        there = {op.key for op in returns(current)}
        ours[:] = [op.key for op in returns(decision.payment) if op.key not in there] if decision else []
        return decision

    return return_surplus(change(payment, noted, world=world), world=world, just_written=frozenset(ours))


def return_surplus(payment: Payment, *, world: World, just_written: frozenset[str] = frozenset()) -> Payment:
    """Send each return that is open. One that was not ``just_written`` by this call is asked about first, and left
    alone while another call may still be sending it. A return that is refused needs a person: ``attention``."""
    for operation in returns(payment):
        ours = operation.key in just_written
        if operation.is_open and (ours or not operation.is_someone_elses(world.now())):
            answer = _answer(payment, operation, world, ask_first=not ours)
            payment = _closed(payment, operation.key, answer, world)
    return payment


def _answer(payment: Payment, operation: Operation, world: World, *, ask_first: bool) -> Answer:
    provider = world.gateways.method(payment)
    answer = ask(lambda: provider.lookup(payment, operation), operation) if ask_first else None
    return answer if answer is not None else send(lambda: provider.refund(payment, operation))


def _closed(payment: Payment, key: str, answer: Answer, world: World) -> Payment:
    def decide(current: Payment, now: datetime) -> Decision | None:
        stored = current.operation(key)
        if stored is None or not stored.is_open:
            return None
        operation = stored.closed(answer, now)
        current = current.with_operation(operation)
        if operation.state is State.REFUSED:
            word = key.rpartition(":")[2].rstrip("0123456789")
            current = flagged(current, ATTENTION[word])
        return Decision(current, returned(operation), looked=operation.is_open)

    return change(payment, decide, world=world)
