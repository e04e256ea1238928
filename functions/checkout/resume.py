"""GET /checkout/resume/{transactionId}: how a payment stands, for the page that checkoutUrl opens."""

from __future__ import annotations

from shared.bootstrap import core
from shared.domain.ids import PaymentId
from shared.edge.brand import brand_of
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.going_on import takes_card_now
from shared.families.payglobe.payments import seconds_left
from shared.families.payglobe.views import iso


@endpoint(
    "GET",
    "/checkout/resume/{transactionId}",
    caller=Caller.ANYONE,
    summary="What the hosted checkout page shows, at whatever gateway; cardUrl while a card can be entered",
)
def handler(call: Call) -> Reply:
    call.about = payment = core.payments().get(PaymentId(call.path("transactionId")))
    return Reply(
        {
            "transactionId": payment.id,
            "amount": payment.amount.major,
            "currency": payment.amount.currency,
            "description": payment.description,
            "merchantName": payment.merchant_name,
            "brand": brand_of(payment),
            "status": payment.status.value,
            "lastError": payment.failure and {"code": payment.failure.code},
            "expiresAt": iso(payment.expires_at),
            "expiresIn": seconds_left(payment),
            "frameOrigins": list(payment.frame_origins),
            "framable": payment.card_page is None or payment.card_page.framable,
            "language": payment.language,
            "returnUrl": payment.return_url,
            "cardUrl": payment.redirect_url if takes_card_now(payment) else None,
        }
    )
