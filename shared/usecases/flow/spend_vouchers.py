"""State ``SpendVouchers``: spend what was planned, all of it or none of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain.event import EventType
from shared.domain.ids import PaymentId
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Ending, Failure, Payment, Status
from shared.domain.taking import planned, to_spend
from shared.domain.voucher import Voucher, VoucherState, masked
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, Told, change
from shared.usecases.payment.issuers import calls_to_spend, let_go
from shared.usecases.payment.operating import BUSY, Step, close, operate, unknown


def spend_vouchers(payment_id: PaymentId, *, world: World) -> Step:
    """Words: spent, refused (give back what was spent beside it), unknown (wait, come back), moved."""
    payment, taken = world.payments.take(payment_id, Kind.VOUCHER_SPEND, world.now())
    if payment.status is not Status.PROCESSING or payment.ending or not to_spend(payment):
        return Step("moved")
    attempt = payment.voucher_tries
    done = operate(
        payment,
        lambda p, now: _operations(p, attempt, now),
        calls_to_spend(payment, world.gateways),
        world=world,
        taken=taken,
        stop_at_refusal=True,
    )
    if done is None:
        return BUSY
    payment, answers = done
    payment = change(payment, lambda p, now: _settle(p, answers, now), world=world)
    if payment.open_operations(Kind.VOUCHER_SPEND):
        return unknown(payment, Kind.VOUCHER_SPEND)
    let_go(payment, [v for v in payment.attempt_vouchers if v.state is VoucherState.UNUSED], world.gateways)
    refused = any(v.state is VoucherState.REFUSED for v in payment.attempt_vouchers)
    return Step("refused" if refused else "spent")


def _operations(payment: Payment, attempt: int, now: datetime) -> list[Operation]:
    if payment.voucher_tries != attempt:
        return []  # the payment went on meanwhile
    return planned(payment, Kind.VOUCHER_SPEND, now)


def _settle(payment: Payment, answers: dict[str, Answer], now: datetime) -> Decision | None:
    closed = close(payment, answers, now)
    if closed is None or closed.open_operations(Kind.VOUCHER_SPEND):
        return None if closed is None else Decision(closed)
    refusal: Operation | None = None
    for voucher in to_spend(closed):
        operation = next(op for op in _operations_of(closed) if op.voucher == voucher.reference)
        if operation.state is State.REFUSED and operation.code != "not_sent":
            refusal = refusal or operation
        closed = closed.with_voucher(_after(voucher, operation))
    if refusal is not None:
        message = refusal.message or "The voucher could not be spent"
        return Decision(replace(closed, failure=Failure(refusal.code or "voucher_refused", message)))
    if not closed.to_capture:
        closed = replace(closed, ending=Ending.COVERED)
    return Decision(closed, [Told(EventType.VOUCHERS_SPENT, Kind.VOUCHER_SPEND)])


def _operations_of(payment: Payment) -> list[Operation]:
    return [op for op in payment.operations if op.kind is Kind.VOUCHER_SPEND]


def _after(voucher: Voucher, operation: Operation) -> Voucher:
    if operation.state is State.SUCCEEDED:
        return replace(voucher, state=VoucherState.SPENT, otp=masked(voucher.otp))
    state = VoucherState.UNUSED if operation.code == "not_sent" else VoucherState.REFUSED
    nothing = voucher.spend.zero()
    return replace(
        voucher,
        state=state,
        otp=masked(voucher.otp),
        spend=nothing,
        code=operation.code,
        message=operation.message,
    )
