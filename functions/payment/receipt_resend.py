"""POST /api/payment/receipt/{transactionId}: send the customer's receipt once more."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.payments import owned_payment
from shared.usecases.payment.resend_receipt import resend_receipt


@endpoint(
    "POST",
    "/api/payment/receipt/{transactionId}",
    caller=Caller.SECRET_KEY,
    summary="Send the receipt of a paid payment again to the address it was made with; five times in all",
    problems=(429,),
    idempotent=True,
)
def handler(call: Call) -> Reply:
    payment = resend_receipt(owned_payment(call), world=core.world())
    return Reply({"success": True, "transactionId": payment.id, "timesSent": payment.receipts})
