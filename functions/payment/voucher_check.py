"""POST /api/payment/voucher-check/{transactionId}: what a voucher is worth, before it is chosen."""

from __future__ import annotations

from pydantic import BaseModel, Field

from shared.bootstrap import core, runtime
from shared.domain.voucher import MAX_VOUCHER_CHECKS, UNANSWERED, Voucher
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.fields import Otp
from shared.families.payglobe.payments import owned_payment
from shared.families.payglobe.voucher_views import lost, nature
from shared.usecases.payment.check_voucher import check_voucher


class VoucherCheckRequest(BaseModel):
    otp: Otp = Field(description="The code on the voucher")


@endpoint(
    "POST",
    "/api/payment/voucher-check/{transactionId}",
    caller=Caller.SECRET_KEY_OR_CLIENT_SECRET,
    summary="Ask what a voucher is worth without spending it, at most 20 times a payment",
    request=VoucherCheckRequest,
    cors=True,
)
def handler(call: Call) -> Reply:
    payment = owned_payment(call)
    payment, found = check_voucher(payment, call.body(VoucherCheckRequest).otp, world=core.world())
    code, message = (found.code, found.message) if found else UNANSWERED
    looked_at = Voucher.entered("", "", payment.amount.zero())
    voucher = looked_at.judged(found) if found else looked_at
    pays = min(voucher.value, payment.open_to_vouchers)
    return Reply(
        {
            **nature(voucher, runtime.now()),
            "wouldBeLost": lost(voucher, pays, runtime.now()) if found and found.valid else None,
            "success": True,
            "transactionId": payment.id,
            "outcome": "UNKNOWN" if found is None else "VALID" if found.valid else "INVALID",
            "value": found.value.major if found and found.valid else None,
            "currency": payment.amount.currency,
            "responseCode": code,
            "message": message,
            "checksLeft": MAX_VOUCHER_CHECKS - payment.voucher_checks,
        }
    )
