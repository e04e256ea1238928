"""POST /api/payment-links/{id}/cancel: withdraw a link that nobody has paid."""

from __future__ import annotations

from shared.bootstrap import core
from shared.domain.statuses import LinkStatus
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.links import own_link, shown_link
from shared.usecases.link.cancel_link import cancel_link


@endpoint(
    "POST",
    "/api/payment-links/{id}/cancel",
    caller=Caller.SECRET_KEY,
    summary="Cancel a pending payment link; a card held for it is released",
    idempotent=True,
)
def handler(call: Call) -> Reply:
    link = own_link(call)
    if not (call.once.repeated and link.status is LinkStatus.CANCELLED):
        link = cancel_link(link, world=core.world(), links=core.links())
    return Reply(shown_link(link))
