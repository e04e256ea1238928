"""A payment as an event freezes it."""

from __future__ import annotations

from datetime import datetime

from shared.domain.event import CardFacts, PaymentFacts, VoucherFacts
from shared.domain.operation import Kind, State
from shared.domain.payment import Mode, Payment
from shared.domain.voucher import Voucher

CARD_KINDS = (Kind.PREAUTH, Kind.CAPTURE, Kind.VOID, Kind.SALE, Kind.REFUND)


def payment_facts(payment: Payment, operation: Kind, now: datetime) -> PaymentFacts:
    """Everything about the payment that some format tells, as it stands now."""
    return PaymentFacts(
        id=payment.id,
        status=payment.status,
        mode=payment.mode,
        amount=payment.amount,
        card_part=payment.to_capture,
        spent=payment.spent,
        authorised=payment.authorised,
        captured=payment.captured,
        operation=operation,
        gateway=payment.called,
        page_id=payment.page_id,
        created_at=payment.created_at,
        ended_at=payment.completed_at or now,
        completed_at=payment.completed_at,
        card=_card(payment),
        vouchers=tuple(_voucher(voucher, payment) for voucher in payment.vouchers if voucher.counts),
        description=payment.description,
        customer_id=payment.customer_id,
        link_id=payment.link_id,
        attention=payment.attention,
        failure=payment.failure,
        ending=payment.ending,
        declined=is_declined(payment),
        charged_back=payment.charged_back,
        country=payment.payer.country if payment.payer else "",
        reference=payment.reference,
        order_id=payment.order_id,
        method=payment.method,
        family_data=payment.family_data,
        shown_card=payment.card,
        most_by_voucher=payment.most_by_voucher,
        unaddressed=payment.email is None,
    )


def is_declined(payment: Payment) -> bool:
    """Whether a card was refused and none was accepted after it."""
    tries = [op for op in payment.operations if op.kind in (Kind.PREAUTH, Kind.SALE)]
    by_card = payment.mode is not Mode.ALTERNATIVE
    return by_card and bool(tries) and all(op.state is State.REFUSED for op in tries)


def _card(payment: Payment) -> CardFacts | None:
    last = payment.last(*CARD_KINDS)
    return None if last is None else CardFacts(last.code, last.message, last.reference)


def _voucher(voucher: Voucher, payment: Payment) -> VoucherFacts:
    issuer = payment.issuer_of(voucher)
    spends = (op for op in payment.operations if op.kind is Kind.VOUCHER_SPEND and op.voucher == voucher.reference)
    spend = next(spends, None)
    if spend is None:
        return VoucherFacts(voucher.serial_number, None, voucher.code, voucher.message, issuer=issuer)
    spent = voucher.spend if spend.state is State.SUCCEEDED else None
    return VoucherFacts(voucher.serial_number, spent, spend.code, spend.message, spend.reference, issuer)
