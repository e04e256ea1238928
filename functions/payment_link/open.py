"""POST /api/payment-links/{id}/open: the customer wants to pay; where the payment goes on."""

from __future__ import annotations

from shared.bootstrap import core
from shared.domain.ids import LinkId
from shared.domain.payment import AWAITING_CARD
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.payments import checkout_url
from shared.usecases.link.open_link import open_link


@endpoint(
    "POST",
    "/api/payment-links/{id}/open",
    caller=Caller.ANYONE,
    summary="Start the link's payment, or find the one that was started",
    problems=(403,),
)
def handler(call: Call) -> Reply:
    payment = open_link(LinkId(call.path("id")), world=core.world(), links=core.links())
    call.about = payment
    address = payment.redirect_url if payment.status in AWAITING_CARD else checkout_url(payment)
    return Reply({"success": True, "redirectUrl": address})
