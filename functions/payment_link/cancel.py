"""POST /api/payment-links/{id}/cancel: withdraw a link that nobody has paid."""

from __future__ import annotations

from shared import bootstrap
from shared.domain.payment_link import LinkStatus
from shared.edge.auth import Caller
from shared.edge.call import Call, Reply
from shared.edge.http import endpoint
from shared.edge.links import own_link, shown_link
from shared.usecases.cancel_link import cancel_link


@endpoint(
    "POST",
    "/api/payment-links/{id}/cancel",
    caller=Caller.SECRET_KEY,
    summary="Cancel a pending payment link; a card held for it is released",
    idempotent=True,
)
def handler(call: Call) -> Reply:
    link = own_link(call)
    if not (call.repeated and link.status is LinkStatus.CANCELLED):
        link = cancel_link(link, world=bootstrap.world(), links=bootstrap.links())
    return Reply(shown_link(link))
