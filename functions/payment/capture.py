"""POST /api/payment/capture/{transactionId}: the merchant captures the hold, all of it or less."""

from __future__ import annotations

from pydantic import BaseModel

from shared.bootstrap import core
from shared.domain.errors import Refused
from shared.domain.money import Money
from shared.domain.payment import PAID, Tender
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.fields import Amount
from shared.families.payglobe.payments import owned_payment, released
from shared.families.payglobe.settling import settled
from shared.families.payglobe.views import iso
from shared.usecases.payment.choose_tender import TenderChoice, choose_tender


class CaptureRequest(BaseModel):
    amount: Amount | None = None


@endpoint(
    "POST",
    "/api/payment/capture/{transactionId}",
    caller=Caller.SECRET_KEY,
    summary="Capture a held payment; a smaller amount releases the rest",
    request=CaptureRequest,
    success=(200, 202),
    idempotent=True,
)
def handler(call: Call) -> Reply:
    payment = owned_payment(call)
    call.credential.merchant.check_active()
    body = call.body(CaptureRequest)
    amount = None if body.amount is None else Money.parse(body.amount, payment.amount.currency)
    if not (call.once.repeated and payment.tender is Tender.CAPTURE):
        payment = choose_tender(
            payment.id,
            TenderChoice(Tender.CAPTURE, amount=amount, by=call.credential.called),
            world=core.world(),
            known=payment,
        )
    payment, done = settled(payment)
    if done and payment.status not in PAID:
        raise Refused(
            payment.failure.message if payment.failure else "The card could not be charged",
            code="capture_failed",
        )
    captured = payment.captured
    return Reply(
        {
            "success": True,
            "transactionId": payment.id,
            "status": payment.status.value,
            "capturedAmount": captured.major,
            "releasedAmount": released(payment),
            "capturedAt": iso(payment.completed_at),
        },
        200 if done else 202,
        final=done,
    )
