"""State ``VoidCard``: release the hold and end the payment as its ending says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.attention import HOLD_NOT_RELEASED, VOUCHER_NOT_REVERSED, flagged
from shared.domain.course import kept_by_provider, releases
from shared.domain.event import EventType
from shared.domain.ids import PaymentId
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Ending, Failure, Payment, Status
from shared.domain.taking import pending
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, Told, change, unparked
from shared.usecases.payment.operating import BUSY, Calls, Step, close, operate, unknown

_ENDS: Final[dict[Ending, tuple[Status, EventType]]] = {
    Ending.COVERED: (Status.SUCCESS, EventType.PAID),
    Ending.VOIDED: (Status.VOIDED, EventType.VOIDED),
    Ending.EXPIRED: (Status.FAILED, EventType.FAILED),
    Ending.CANCELLED: (Status.FAILED, EventType.FAILED),
}


def void_card(payment_id: PaymentId, *, world: World) -> Step:
    """Words: released, unknown (wait, come back), moved (this payment is not being released)."""
    payment = world.payments.get(payment_id)
    if payment.ending is None:
        return Step("moved")
    answers: dict[str, Answer] = {}
    if releases(payment):
        gateway = world.gateways.card(payment)
        calls = Calls(
            send=lambda op: gateway.void(payment, op),
            look_up=lambda op: gateway.lookup(payment, op),
        )
        done = operate(payment, _operations, calls, world=world)
        if done is None:
            return BUSY
        payment, answers = done
    payment = change(payment, lambda p, now: _settle(p, answers, now), world=world)
    return unknown(payment, Kind.VOID) if payment.open_operations(Kind.VOID) else Step("released")


def _operations(payment: Payment, now: datetime) -> list[Operation]:
    return [pending(payment, Kind.VOID, 1, payment.authorised, now)] if releases(payment) else []


def _settle(payment: Payment, answers: dict[str, Answer], now: datetime) -> Decision | None:
    closed = close(payment, answers, now)
    if closed is None and (payment.is_final or answers):
        return None
    payment = unparked(closed or payment, now)
    if payment.open_operations(Kind.VOID):
        return Decision(payment)
    if any(op.kind is Kind.VOID and op.state is State.REFUSED for op in payment.operations):
        # The hold runs out by itself at the issuer; until then a person should know.
        payment = flagged(payment, HOLD_NOT_RELEASED)
    if payment.is_final or payment.ending is None:
        return Decision(payment)
    status, event = _ENDS[payment.ending]
    ended = payment.moved(status, now)
    if status is not Status.SUCCESS and kept_by_provider(ended):
        # The customer paid with a voucher for nothing.
        ended = replace(ended, attention=VOUCHER_NOT_REVERSED)
    if status is Status.FAILED and ended.failure is None:
        ended = replace(ended, failure=Failure("expired", "The checkout expired before it was completed"))
    return Decision(ended, [Told(event, Kind.VOID), Told(EventType.CHECKOUT_ENDED, Kind.VOID)])
