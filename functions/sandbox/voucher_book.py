"""GET /api/sandbox/vouchers/{otp}: the sandbox provider's own books of one voucher."""

from __future__ import annotations

from shared.bootstrap import sandbox
from shared.domain.errors import NotFound
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.sandbox import calls_in_major, in_major


@endpoint(
    "GET",
    "/api/sandbox/vouchers/{otp}",
    caller=Caller.SECRET_KEY,
    summary="What the sandbox voucher provider did with a code, and every call received in order",
)
def handler(call: Call) -> Reply:
    caller = call.credential
    otp = call.path("otp")
    doc = sandbox.sandbox_voucher(caller.merchant.id, caller.environment, otp)
    if not doc:
        raise NotFound("there is no such voucher in your sandbox")
    currency = doc["currency"]
    return Reply(
        {
            "otp": otp,
            "value": in_major(doc["value"], currency),
            "spent": in_major(doc["spent"], currency),
            "reversed": in_major(doc["reversed"], currency),
            "currency": currency,
            "calls": calls_in_major(doc["calls"], currency),
        }
    )
