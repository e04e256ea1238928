"""What a gateway accepted and settles later: the payment has gone on with it, and it may fail after all."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.attention import CHARGE_RETURNED, OUTCOME_UNKNOWN, flagged
from shared.domain.event import EventType
from shared.domain.operation import RETURNED, Answer, Kind, Operation, State
from shared.domain.payment import Payment
from shared.domain.refund import CARD
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, Told, change
from shared.usecases.payment.operating import UNKNOWN, ask

ASKED_FOR: Final = timedelta(days=5)


def settle_provisional(payment: Payment, *, world: World) -> Payment:
    """Ask about every charge that was only accepted. Final, it stands; failed, a person and the merchant are told.

    What was closed stays as it was: an operation of its own says that the money went back, and none of it can be
    refunded any more. After five days without a last word a person has to ask.
    """
    for operation in payment.provisional:
        payment = _asked_about(payment, operation, world)
    return payment


def _asked_about(payment: Payment, operation: Operation, world: World) -> Payment:
    gateway = world.gateways.card(payment)
    answer = ask(lambda: gateway.lookup(payment, operation), operation) or UNKNOWN
    return change(payment, lambda p, now: _settled(p, operation.key, answer, now), world=world)


def _settled(payment: Payment, key: str, answer: Answer, now: datetime) -> Decision | None:
    operation = payment.operation(key)
    if operation is None or not operation.provisional:
        return None
    settled = payment.with_operation(replace(operation, provisional=False))
    if answer.succeeded and answer.final:
        return Decision(settled)
    if answer.state is State.REFUSED:
        return _returned(settled, operation, answer, now)
    if operation.closed_at is None or now < operation.closed_at + ASKED_FOR:
        return None
    return Decision(flagged(settled, OUTCOME_UNKNOWN))


def _returned(payment: Payment, operation: Operation, answer: Answer, now: datetime) -> Decision:
    gone = Operation(
        key=f"{operation.key}:{RETURNED}",
        kind=Kind.REFUND,
        amount=operation.amount,
        state=State.SUCCEEDED,
        started_at=now,
        closed_at=now,
        code=answer.code,
        message=answer.message,
        reference=answer.reference,
    )
    # Whatever a refund has given back before came out of the merchant's pocket: the attention is for that too.
    given = {**payment.given_back, CARD: payment.captured.minor}
    told = replace(payment.with_operation(gone), given_back=given, attention=CHARGE_RETURNED)
    return Decision(told, [Told(EventType.FAILED, operation.kind)])
