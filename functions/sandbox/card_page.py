"""GET /sandbox/card-page/{paymentID}: what the sandbox's card page shows."""

from __future__ import annotations

from shared.domain.payment import Mode
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.payments import seconds_left
from shared.families.payglobe.sandbox import next_of, page_payment, visitor_of
from shared.families.payglobe.views import iso


@endpoint(
    "GET",
    "/sandbox/card-page/{paymentID}",
    caller=Caller.ANYONE,
    summary="What the hosted card page of the sandbox shows; nextUrl for the browser whose card was accepted",
    visitor=True,
)
def handler(call: Call) -> Reply:
    payment = page_payment(call)
    return Reply(
        {
            "amount": payment.amount.major,
            "currency": payment.amount.currency,
            "description": payment.description,
            "merchantName": payment.merchant_name,
            "status": payment.status.value,
            "nextUrl": next_of(payment, visitor_of(call)),
            # Why it ended, in a word: a gateway's own words are for who paid.
            "lastError": payment.failure and {"code": payment.failure.code},
            "expiresAt": iso(payment.expires_at),
            "expiresIn": seconds_left(payment),
            "asksToSaveCard": payment.mode is Mode.SALE_WITH_TOKENIZATION,
            "frameOrigins": list(payment.frame_origins),
            "language": payment.language,
            "returnUrl": payment.return_url,
        }
    )
