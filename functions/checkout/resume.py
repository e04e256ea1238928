"""GET /checkout/resume/{transactionId}: how a payment stands, for the page that checkoutUrl opens."""

from __future__ import annotations

from shared.bootstrap import core
from shared.domain.card import FIELDS_KEY, FIELDS_SCRIPT, PAYER
from shared.domain.ids import PaymentId
from shared.domain.payment import Payment
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
            "cardForm": _card_form(payment) if takes_card_now(payment) else None,
        }
    )


def _card_form(payment: Payment) -> dict[str, object] | None:
    """What a card page of ours needs for the card gateway's own fields; None where the page is not ours."""
    page = payment.card_page
    if page is None or FIELDS_SCRIPT not in page.handle:
        return None
    return {
        "paymentID": page.page_id,
        "script": page.handle[FIELDS_SCRIPT],
        "publicKey": page.handle[FIELDS_KEY],
        "minorAmount": payment.amount.minor,
        "isSpent": PAYER in page.handle,
    }
