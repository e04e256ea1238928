"""POST /api/payment/void/{transactionId}: the merchant gives the hold back."""

from __future__ import annotations

from pydantic import BaseModel

from shared.bootstrap import core
from shared.domain.payment import Tender
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.fields import Text
from shared.families.payglobe.payments import owned_payment
from shared.families.payglobe.settling import settled
from shared.families.payglobe.views import iso
from shared.usecases.payment.choose_tender import TenderChoice, choose_tender


class VoidRequest(BaseModel):
    reason: Text = ""


@endpoint(
    "POST",
    "/api/payment/void/{transactionId}",
    caller=Caller.SECRET_KEY,
    summary="Release the hold of a payment",
    request=VoidRequest,
    success=(200, 202),
    idempotent=True,
)
def handler(call: Call) -> Reply:
    payment = owned_payment(call)
    call.body(VoidRequest)
    if not (call.once.repeated and payment.tender is Tender.VOID):
        payment = choose_tender(
            payment.id, TenderChoice(Tender.VOID, by=call.credential.called), world=core.world(), known=payment
        )
    payment, done = settled(payment)
    return Reply(
        {
            "success": True,
            "transactionId": payment.id,
            "status": payment.status.value,
            "voidedAmount": payment.voided.major,
            "voidedAt": iso(payment.completed_at),
        },
        200 if done else 202,
        final=done,
    )
