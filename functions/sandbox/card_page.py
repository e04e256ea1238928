"""GET /sandbox/card-page/{paymentID}: what the sandbox's card page shows."""

from __future__ import annotations

from shared import bootstrap
from shared.domain.payment import AWAITING_CARD
from shared.edge.auth import Caller
from shared.edge.call import Call, Reply
from shared.edge.http import endpoint
from shared.edge.payments import next_page, seconds_left
from shared.edge.sandbox import page_payment
from shared.usecases.payment_view import iso
from shared.usecases.resume_checkout import resume_checkout


@endpoint(
    "GET",
    "/sandbox/card-page/{paymentID}",
    caller=Caller.ANYONE,
    summary="What the hosted card page of the sandbox shows; nextUrl once the card step is over",
)
def handler(call: Call) -> Reply:
    payment = page_payment(call)
    next_url = None
    if payment.status not in AWAITING_CARD:
        # Whoever holds the page's address is the customer: let the browser go on where the payment stands.
        payment, secret = resume_checkout(payment, world=bootstrap.world())
        next_url = next_page(payment, secret)
    return Reply(
        {
            "amount": payment.amount.major,
            "currency": payment.amount.currency,
            "description": payment.description,
            "merchantName": payment.merchant_name,
            "status": payment.status.value,
            "nextUrl": next_url,
            "expiresAt": iso(payment.expires_at),
            "expiresIn": seconds_left(payment),
            "frameOrigins": list(payment.frame_origins),
            "language": payment.language,
            "returnUrl": payment.return_url,
        }
    )
