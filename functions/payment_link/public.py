"""GET /api/payment-links/{id}/public: what the hosted page of a link shows to whoever holds its address."""

from __future__ import annotations

from shared.bootstrap import core, runtime
from shared.domain.payment import UNDER_WAY
from shared.domain.payment_link import pays
from shared.domain.statuses import LinkStatus
from shared.edge.brand import brand_of
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.links import named_link
from shared.families.payglobe.views import iso
from shared.usecases.link.settle_link import its_payment


@endpoint(
    "GET",
    "/api/payment-links/{id}/public",
    caller=Caller.ANYONE,
    summary="Who asks for what: for the hosted page, without the customer's details",
)
def handler(call: Call) -> Reply:
    link = named_link(call)
    # Looked up, never recorded: nobody who holds no key writes a link or sends late money back by looking.
    payment = its_payment(link, payments=core.payments())
    paid = payment is not None and pays(link, payment)
    status = LinkStatus.PAID if paid else link.status_at(runtime.now(), payment)
    held = payment is not None and payment.status in UNDER_WAY
    return Reply(
        {
            "amount": link.amount.major,
            "currency": link.amount.currency,
            "description": link.description,
            "merchantName": link.merchant_name,
            "brand": brand_of(link),
            "status": status.value,
            "underWay": held and status is LinkStatus.PENDING,
            "expiresAt": iso(link.expires_at),
            "language": link.language,
            "frameOrigins": list(link.frame_origins),
        }
    )
