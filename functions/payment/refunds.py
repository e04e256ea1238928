"""GET /api/payment/refunds/{transactionId}: what was given back, refund by refund."""

from __future__ import annotations

from shared.bootstrap import core
from shared.domain.refund import CARD
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.payments import owned_payment
from shared.families.payglobe.views import iso


@endpoint(
    "GET",
    "/api/payment/refunds/{transactionId}",
    caller=Caller.SECRET_KEY,
    summary="The refund history of a payment",
)
def handler(call: Call) -> Reply:
    payment = owned_payment(call)
    serials = {voucher.reference: voucher.serial_number for voucher in payment.vouchers}
    refunds = core.payments().refunds(payment.id)
    refunded = sum((refund.given for refund in refunds), payment.amount.zero())
    return Reply(
        {
            "transactionId": payment.id,
            "originalAmount": payment.amount.major,
            "totalRefunded": refunded.major,
            "remainingAmount": payment.kept.major,
            "refunds": [
                {
                    "refundId": refund.id,
                    "amount": (refund.given or refund.amount).major,
                    "reason": refund.reason,
                    "status": refund.status.value,
                    "createdAt": iso(refund.created_at),
                    "by": refund.by or None,
                    "legs": [
                        {
                            "tender": CARD if leg.tender == CARD else "voucher",
                            "serialNumber": serials.get(leg.tender),
                            "amount": leg.operation.amount.major,
                            "status": leg.operation.state.value,
                        }
                        for leg in refund.legs
                    ],
                }
                for refund in refunds
            ],
        }
    )
