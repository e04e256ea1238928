"""What a step that moves money sends first, known when its payment is stored: reading and recording are one write."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.course import where
from shared.domain.money import Money
from shared.domain.operation import Kind, Operation, State
from shared.domain.payment import Payment, Status
from shared.domain.voucher import Voucher, VoucherState

_READY_TO_CAPTURE: Final = ("capture", "notify")  # a provider that was not notified keeps nobody from being paid
_KIND_OF: Final = {"spend": Kind.VOUCHER_SPEND, "capture": Kind.CAPTURE}


def ready_for(payment: Payment) -> Kind | None:
    """The kind of operation whose step may take this payment up unread; None when it has to look first.

    A payment is ready when nothing of that kind was ever written into its journal for the present choice, and
    when housekeeping looks again soon: what is taken up keeps the time of the next look.
    """
    kind = _KIND_OF.get(where(payment))
    if kind is None or payment.looks:
        return None
    wanted = planned(payment, kind, payment.created_at)
    fresh = all(payment.operation(op.key) is None and op.amount for op in wanted)
    return kind if wanted and fresh else None


def planned(payment: Payment, kind: Kind, now: datetime) -> list[Operation]:
    """What the step of ``kind`` sends, all PENDING; nothing when the payment has moved on."""
    if payment.status is not Status.PROCESSING or payment.ending:
        return []
    if kind is Kind.CAPTURE:
        if where(payment) not in _READY_TO_CAPTURE:
            return []  # the customer chose vouchers since, and they come first
        whole = payment.captures_whole and bool(payment.to_capture)
        return [pending(payment, kind, 1, payment.authorised if whole else payment.to_capture, now)]
    return [
        pending(payment, kind, v.reference.rpartition(":")[2], v.spend, now, voucher=v.reference)
        for v in to_spend(payment)
    ]


def taken_up(payment: Payment, kind: Kind, now: datetime) -> Payment:
    """The payment with what its step of ``kind`` sends in the journal, and nobody parked any more."""
    taken = replace(payment, waiting=None, task_token=None, heard_at=now)
    for operation in planned(payment, kind, now):
        taken = taken.with_operation(operation)
    return taken


def to_spend(payment: Payment) -> list[Voucher]:
    """In the order to spend them: what is never given back comes last, when no other can be refused any more."""
    valid = [v for v in payment.attempt_vouchers if v.state is VoucherState.VALID]
    return sorted(valid, key=lambda voucher: not voucher.returnable)


def pending(
    payment: Payment, kind: Kind, n: int | str, amount: Money, now: datetime, voucher: str | None = None
) -> Operation:
    """An operation about to be sent, under its deterministic key."""
    return Operation(payment.key(kind, n), kind, amount, State.PENDING, started_at=now, voucher=voucher)
