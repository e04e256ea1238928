"""State ``RestoreVouchers``: give back what was spent in a choice that failed, or before a failed capture."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.attention import VOUCHER_NOT_REVERSED
from shared.domain.course import kept_by_provider, to_restore
from shared.domain.event import EventType
from shared.domain.ids import PaymentId
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Payment, Status
from shared.domain.taking import pending
from shared.domain.voucher import Voucher, VoucherState
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, Told, change, unparked
from shared.usecases.payment.issuers import calls_to_reverse
from shared.usecases.payment.operating import BUSY, Step, close, operate, unknown

NOT_NEEDED: Final = Answer(State.REFUSED, "not_needed", "The voucher was given back")


def restore_vouchers(payment_id: PaymentId, *, world: World) -> Step:
    """Words: retry (another choice), void (release the hold), unknown (wait, come back), moved."""
    payment = world.payments.get(payment_id)
    if not _restores(payment):
        return Step("void" if payment.status is Status.CARD_CAPTURE_FAILED else "moved")
    answers: dict[str, Answer] = {}
    attempt = payment.voucher_tries
    if to_restore(payment):
        calls = calls_to_reverse(payment, world.gateways)
        done = operate(payment, lambda p, now: _operations(p, attempt, now), calls, world=world)
        if done is None:
            return BUSY
        payment, answers = done
    payment = change(payment, lambda p, now: _settle(p, attempt, answers, now), world=world)
    if payment.open_operations(Kind.VOUCHER_REVERSE):
        return unknown(payment, Kind.VOUCHER_REVERSE)
    if payment.status is Status.CARD_CAPTURE_FAILED:
        return Step("void")
    return Step("retry" if payment.status is Status.VOUCHER_FAILED else "moved")


def _restores(payment: Payment) -> bool:
    if payment.status is Status.CARD_CAPTURE_FAILED:
        return bool(to_restore(payment))
    refused = any(v.state is VoucherState.REFUSED for v in payment.attempt_vouchers)
    return payment.status is Status.PROCESSING and payment.ending is None and refused


def _operations(payment: Payment, attempt: int, now: datetime) -> list[Operation]:
    if payment.voucher_tries != attempt or not _restores(payment):
        return []  # the customer chose again meanwhile: those vouchers are none of ours
    spent = {voucher.reference: voucher for voucher in payment.vouchers}
    return [
        pending(
            payment,
            Kind.VOUCHER_REVERSE,
            reference.rpartition(":")[2],
            spent[reference].spend,
            now,
            voucher=reference,
        )
        for reference in to_restore(payment)
    ]


def _settle(payment: Payment, attempt: int, answers: dict[str, Answer], now: datetime) -> Decision | None:
    closed = close(payment, answers, now)
    if closed is None and (answers or payment.voucher_tries != attempt or not _restores(payment)):
        return None
    payment = unparked(closed or payment, now)
    if payment.open_operations(Kind.VOUCHER_REVERSE):
        return Decision(payment)
    # From the journal, not from this visit's answers: an earlier visit may have closed some of them.
    given_back = {op.voucher for op in payment.done(Kind.VOUCHER_REVERSE)}
    for voucher in payment.vouchers:
        if voucher.counts and voucher.reference in given_back:
            payment = _reversed(payment, voucher, now)
    if payment.status is Status.CARD_CAPTURE_FAILED:
        return _rolled_back(payment)
    if to_restore(payment):
        return Decision(payment)  # of a later choice: its own visit gives them back
    # A voucher that could not be given back stays spent and counts in the next choice.
    failed = replace(payment.moved(Status.VOUCHER_FAILED, now), tender=None)
    return Decision(failed, [Told(EventType.FAILED, Kind.VOUCHER_SPEND)])


def _reversed(payment: Payment, voucher: Voucher, now: datetime) -> Payment:
    payment = payment.with_voucher(replace(voucher, state=VoucherState.REVERSED))
    for operation in payment.open_operations(Kind.VOUCHER_NOTIFY):
        if operation.voucher == voucher.reference:
            payment = payment.with_operation(operation.closed(NOT_NEEDED, now))
    return payment


def _rolled_back(payment: Payment) -> Decision:
    if not kept_by_provider(payment) or payment.attention == VOUCHER_NOT_REVERSED:
        return Decision(payment)
    flagged = replace(payment, attention=VOUCHER_NOT_REVERSED)
    return Decision(flagged, [Told(EventType.FAILED, Kind.VOUCHER_REVERSE)])
