"""POST /api/payment/refund/{transactionId}: give money back, card first, then vouchers."""

from __future__ import annotations

from pydantic import BaseModel, Field

from shared.bootstrap import core
from shared.domain.money import Money, total
from shared.domain.payment import Payment
from shared.domain.refund import CARD, Refund, RefundStatus, no_way_back
from shared.edge.asking import asked_after
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.fields import Amount, Text
from shared.families.payglobe.payments import owned_payment
from shared.families.payglobe.views import iso
from shared.families.payglobe.voucher_views import until_when
from shared.usecases.refund.refund_payment import preview_refund, refund_payment

RETRY_AFTER_SECONDS = 60


class RefundRequest(BaseModel):
    amount: Amount | None = Field(default=None, description="All that is left, when absent")
    reason: Text = ""


@endpoint(
    "POST",
    "/api/payment/refund/{transactionId}",
    caller=Caller.SECRET_KEY,
    summary="Refund a payment, in full or in part; ?preview=true says what would go where",
    request=RefundRequest,
    success=(200, 202),
    query={"preview": "true: move nothing, say what would go where"},
    idempotent=True,
)
def handler(call: Call) -> Reply:
    payment = owned_payment(call)
    body = call.body(RefundRequest)
    amount = None if body.amount is None else Money.parse(body.amount, payment.amount.currency)
    if call.query("preview") == "true":
        return Reply(_preview(payment, amount))
    payment, refund = asked_after(
        lambda: refund_payment(
            payment.id,
            amount,
            body.reason,
            world=core.world(),
            seed=call.once.seed,
            repeated=call.once.repeated,
            by=call.credential.called,
        )
    )
    if refund.status is RefundStatus.PENDING:
        return Reply(_pending(payment, refund), 202, final=False)
    return Reply(_refunded(payment, refund))


def _refunded(payment: Payment, refund: Refund) -> dict[str, object]:
    reply: dict[str, object] = {
        "success": True,
        "transactionId": payment.id,
        "refundId": refund.id,
        "refundAmount": refund.given.major,
        "remainingAmount": payment.kept.major,
        "status": payment.status.value,
        "refundedAt": iso(refund.settled_at),
    }
    if refund.refused:
        reply["refused"] = [
            {"tender": leg.tender, "amount": leg.operation.amount.major, "code": leg.operation.code}
            for leg in refund.refused
        ]
    return reply


def _pending(payment: Payment, refund: Refund) -> dict[str, object]:
    return {
        "success": True,
        "transactionId": payment.id,
        "refundId": refund.id,
        "refundAmount": refund.given.major,
        "remainingAmount": payment.kept.major,
        "status": RefundStatus.PENDING.value,
        "outcome": "unknown",
        "retryAfter": RETRY_AFTER_SECONDS,
    }


def _preview(payment: Payment, amount: Money | None) -> dict[str, object]:
    now = core.world().now()
    parts = [(*leg, no_way_back(payment, *leg, now)) for leg in preview_refund(payment, amount)]
    return {
        "success": True,
        "preview": True,
        "transactionId": payment.id,
        "refundAmount": total([part for _, part, stays in parts if not stays], payment.amount).major,
        "parts": [_part(payment, *leg) for leg in parts],
    }


def _part(payment: Payment, tender: str, part: Money, stays: str) -> dict[str, object]:
    voucher = None if tender == CARD else payment.voucher(tender)
    return {
        "tender": "voucher" if voucher else "card",
        "serialNumber": voucher.serial_number if voucher else None,
        "amount": part.major,
        "reversibleUntil": until_when(payment, voucher) if voucher else None,
        "code": stays or None,
    }
