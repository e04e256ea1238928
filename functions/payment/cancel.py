"""POST /api/payment/cancel/{transactionId}: the customer gives up; a hold is released."""

from __future__ import annotations

from shared.bootstrap import core
from shared.domain.payment import Ending
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.payments import owned_payment
from shared.usecases.payment.end_checkout import cancel_checkout


@endpoint(
    "POST",
    "/api/payment/cancel/{transactionId}",
    caller=Caller.SECRET_KEY_OR_CLIENT_SECRET,
    summary="Give up a payment that is not settled yet; poll the transaction for the outcome",
    success=(202,),
    idempotent=True,
    cors=True,
)
def handler(call: Call) -> Reply:
    payment = owned_payment(call)
    if not (call.once.repeated and payment.ending is Ending.CANCELLED):
        payment = cancel_checkout(payment, world=core.world())
    return Reply({"success": True, "transactionId": payment.id, "status": payment.status.value}, 202)
