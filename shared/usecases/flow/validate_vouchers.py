"""State ``ValidateVouchers``: ask what each entered code is worth and plan what to spend of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.errors import OutcomeUnknown, Unavailable
from shared.domain.event import EventType
from shared.domain.ids import PaymentId
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Failure, Payment, Status
from shared.domain.voucher import UNANSWERED, Validation, Voucher, VoucherState, masked
from shared.domain.voucher_plan import Why, best_fit, day_of
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, Told, change, unparked
from shared.usecases.payment.issuers import judge, let_go
from shared.usecases.payment.operating import Step, unknown

VALIDATE_TRIES: Final = 3  # of a provider that does not answer; then the customer chooses again
Word = tuple[Voucher, Validation]  # the voucher with its provider, and what that one says of it


def validate_vouchers(payment_id: PaymentId, *, world: World) -> Step:
    """Words: valid, invalid (another choice), unknown (the provider is down: wait, come back), moved."""
    payment = world.payments.get(payment_id)
    entered = _entered(payment)
    if not entered:
        return Step("moved")
    results = {voucher.reference: _asked(payment, voucher, world) for voucher in entered}
    payment = change(payment, lambda p, now: _settle(p, results, now), world=world)
    if payment.open_operations(Kind.VOUCHER_VALIDATE):
        return unknown(payment, Kind.VOUCHER_VALIDATE)
    judged = [payment.voucher(voucher.reference) for voucher in entered]
    let_go(payment, [voucher for voucher in judged if voucher.state is VoucherState.UNUSED], world.gateways)
    return Step("invalid" if payment.status is Status.VOUCHER_FAILED else "valid")


def _asked(payment: Payment, voucher: Voucher, world: World) -> Word | None:
    try:
        return judge(payment, voucher, world.gateways)
    except (OutcomeUnknown, Unavailable):
        return None


def _entered(payment: Payment) -> list[Voucher]:
    if payment.status is not Status.PROCESSING or payment.ending:
        return []
    return [v for v in payment.attempt_vouchers if v.state is VoucherState.ENTERED]


def _settle(payment: Payment, results: dict[str, Word | None], now: datetime) -> Decision | None:
    if not any(voucher.reference in results for voucher in _entered(payment)):
        return None  # judged already, and perhaps the next choice is there
    payment = unparked(payment, now)
    for voucher in _entered(payment):
        asked, result = results.get(voucher.reference) or (voucher, None)
        operation = _journal(payment, voucher, result, now)
        payment = payment.with_operation(operation)
        if result is None and operation.asks >= VALIDATE_TRIES:
            result = Validation(False, voucher.value, "", *UNANSWERED)
            refusal = Answer(State.REFUSED, result.code, result.message)
            payment = payment.with_operation(operation.closed(refusal, now))
        if result is not None:
            payment = payment.with_voucher(replace(voucher, provider=asked.provider).judged(result))
    if payment.open_operations(Kind.VOUCHER_VALIDATE):
        return Decision(payment)
    return _planned(payment, now)


def _journal(payment: Payment, voucher: Voucher, result: Validation | None, now: datetime) -> Operation:
    key = payment.key(Kind.VOUCHER_VALIDATE, voucher.reference.rpartition(":")[2])
    nothing = payment.amount.zero()
    fresh = Operation(key, Kind.VOUCHER_VALIDATE, nothing, State.PENDING, started_at=now, voucher=voucher.reference)
    operation = payment.operation(key) or fresh
    if result is None:
        return operation.closed(Answer(State.UNKNOWN), now)
    state = State.SUCCEEDED if result.valid else State.REFUSED
    return operation.closed(Answer(state, result.code, result.message, result.serial_number), now)


def _planned(payment: Payment, now: datetime) -> Decision:
    """With what to spend of each voucher; the choice fails where one is bad, or none can be used."""
    bad = next((v for v in payment.attempt_vouchers if v.state is VoucherState.INVALID), None)
    good = [v for v in payment.attempt_vouchers if v.state is VoucherState.VALID]
    if bad is not None:
        for voucher in good:
            payment = payment.with_voucher(_left_out(voucher, None))
        return _failed(payment, now, bad.code or "voucher_invalid", bad.message or "The voucher is not valid")
    before = [voucher for voucher in payment.vouchers if voucher.counts]
    fit = best_fit(
        good,
        payment.to_capture,
        day_of(now),
        most=payment.open_to_vouchers,
        before=before,
        accepts_loss=payment.accepts_loss,
    )
    for voucher in good:
        spend = fit.spends.get(voucher.reference)
        planned = replace(voucher, spend=spend) if spend else _left_out(voucher, fit.left_out[voucher.reference])
        payment = payment.with_voucher(planned)
    if fit.spends:
        return Decision(payment)
    why = fit.left_out[good[0].reference]
    return _failed(payment, now, why.code, why.text)


def _left_out(voucher: Voucher, why: Why | None) -> Voucher:
    unused = replace(voucher, spend=voucher.spend.zero(), state=VoucherState.UNUSED, otp=masked(voucher.otp))
    return unused if why is None else replace(unused, code=why.code, message=why.text)


def _failed(payment: Payment, now: datetime, code: str, message: str) -> Decision:
    failed = replace(payment.moved(Status.VOUCHER_FAILED, now), tender=None, failure=Failure(code, message))
    return Decision(failed, [Told(EventType.FAILED, Kind.VOUCHER_VALIDATE)])
