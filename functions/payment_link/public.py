"""GET /api/payment-links/{id}/public: what the hosted page of a link shows to whoever holds its address."""

from __future__ import annotations

from shared import bootstrap
from shared.edge.auth import Caller
from shared.edge.call import Call, Reply
from shared.edge.http import endpoint
from shared.edge.links import named_link
from shared.usecases.payment_view import iso
from shared.usecases.settle_link import standing


@endpoint(
    "GET",
    "/api/payment-links/{id}/public",
    caller=Caller.ANYONE,
    summary="Who asks for what: for the hosted page, without the customer's details",
)
def handler(call: Call) -> Reply:
    link, payment = standing(named_link(call), world=bootstrap.world(), links=bootstrap.links())
    return Reply(
        {
            "amount": link.amount.major,
            "currency": link.amount.currency,
            "description": link.description,
            "merchantName": link.merchant_name,
            "status": link.status_at(bootstrap.now(), payment).value,
            "expiresAt": iso(link.expires_at),
            "language": link.language,
            "frameOrigins": list(link.frame_origins),
        }
    )
