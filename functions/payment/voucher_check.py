"""POST /api/payment/voucher-check/{transactionId}: what a voucher is worth, before it is chosen."""

from __future__ import annotations

from pydantic import BaseModel, Field

from shared.bootstrap import core, runtime
from shared.domain.voucher import MAX_VOUCHER_CHECKS, NOT_ASKED, UNANSWERED
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
    looked = check_voucher(owned_payment(call), call.body(VoucherCheckRequest).otp, world=core.world())
    payment, voucher, found = looked.payment, looked.voucher, looked.said
    nothing_said = UNANSWERED if looked.asked else NOT_ASKED
    code, message = (found.code, found.message) if found else nothing_said
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
