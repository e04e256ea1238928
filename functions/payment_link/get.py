"""GET /api/payment-links/{id}: how a payment link stands."""

from __future__ import annotations

from shared import bootstrap
from shared.edge.auth import Caller
from shared.edge.call import Call, Reply
from shared.edge.http import endpoint
from shared.edge.links import own_link, shown_link
from shared.usecases.settle_link import standing


@endpoint(
    "GET",
    "/api/payment-links/{id}",
    caller=Caller.SECRET_KEY,
    summary="Read a payment link",
)
def handler(call: Call) -> Reply:
    return Reply(shown_link(*standing(own_link(call), world=bootstrap.world(), links=bootstrap.links())))
