"""State ``NotifyVouchers``: tell the provider the sale is done. Never blocks, never rolls back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from shared.domain.course import notify_given_up, to_notify
from shared.domain.ids import PaymentId
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import Payment
from shared.domain.taking import pending
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, change, unparked
from shared.usecases.payment.issuers import provider_of
from shared.usecases.payment.operating import Step, close, send, unknown

if TYPE_CHECKING:
    from shared.domain.voucher import Voucher
    from shared.ports.connectors import Gateways


def notify_vouchers(payment_id: PaymentId, *, world: World) -> Step:
    """Words: covered (void the hold), partly (capture the difference), unknown (wait, try again)."""
    payment = notify(world.payments.get(payment_id), world=world)
    if to_notify(payment) and not notify_given_up(payment):
        return unknown(payment, Kind.VOUCHER_NOTIFY)
    return Step("partly" if payment.to_capture else "covered")


def notify(payment: Payment, *, world: World) -> Payment:
    """Notify what was not notified yet; a notification may be repeated, so it needs no record before it."""
    references = to_notify(payment)
    if not references:
        return payment
    answers = {reference: _sent(payment, payment.voucher(reference), world.gateways) for reference in references}
    return change(payment, lambda p, now: _settle(p, answers, now), world=world)


def _sent(payment: Payment, voucher: Voucher, gateways: Gateways) -> Answer:
    return send(lambda: provider_of(payment, voucher, gateways).notify(payment, voucher))


def _settle(payment: Payment, answers: dict[str, Answer], now: datetime) -> Decision | None:
    waiting = [reference for reference in to_notify(payment) if reference in answers]
    if not waiting:
        return None
    # On a payment that is over no step waits for it, and none was made by it.
    heard_at = payment.heard_at if payment.is_final else now
    if not payment.is_final:
        payment = unparked(payment, now)
    before = len(to_notify(payment))
    for reference in waiting:
        operation = pending(
            payment,
            Kind.VOUCHER_NOTIFY,
            reference.rpartition(":")[2],
            payment.amount.zero(),
            now,
            voucher=reference,
        )
        if payment.operation(operation.key) is None:
            payment = payment.with_operation(operation)
        payment = close(payment, {operation.key: answers[reference]}, now) or payment
        if answers[reference].state in (State.SUCCEEDED, State.REFUSED):
            voucher = next(v for v in payment.vouchers if v.reference == reference)
            payment = payment.with_voucher(replace(voucher, notified=True))
    return Decision(replace(payment, heard_at=heard_at), looked=len(to_notify(payment)) == before)
