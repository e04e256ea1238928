"""PATCH /api/v1/payin/{id}/cancel: withdraw a payment link that nobody has paid."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.payins import own_payin, shown_payin
from shared.usecases.link.cancel_link import cancel_link


@endpoint(
    "PATCH",
    "/api/v1/payin/{id}/cancel",
    caller=Caller.SECRET_KEY,
    summary="Cancel an active payment link",
)
def handler(call: Call) -> Reply:
    return Reply(shown_payin(cancel_link(own_payin(call), world=core.world(), links=core.links())))
