"""GET /api/payment-links/{id}: how a payment link stands."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.links import own_link, shown_link
from shared.usecases.link.settle_link import standing


@endpoint(
    "GET",
    "/api/payment-links/{id}",
    caller=Caller.SECRET_KEY,
    summary="Read a payment link",
)
def handler(call: Call) -> Reply:
    return Reply(shown_link(*standing(own_link(call), world=core.world(), links=core.links())))
