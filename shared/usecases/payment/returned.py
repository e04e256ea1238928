"""What is told of money that came when nothing was to be paid any more, once it is known what became of it."""

from __future__ import annotations

from shared.domain.event import EventType, RefundFacts
from shared.domain.ids import RefundId
from shared.domain.money import Money
from shared.domain.operation import Operation, State
from shared.domain.refund import RefundStatus
from shared.usecases.payment.changing import Told


def returned(operation: Operation) -> tuple[Told, ...]:
    """Nothing while ``operation``, which gives it back, is open."""
    if operation.is_open:
        return ()
    status = RefundStatus.SUCCESS if operation.state is State.SUCCEEDED else RefundStatus.FAILED
    amount = operation.amount
    facts = RefundFacts(
        id=RefundId(operation.key), amount=amount, total=amount, remaining=Money(0, amount.currency), status=status
    )
    return (Told(EventType.RETURNED, operation.kind, facts),)
