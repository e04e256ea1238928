"""GET /api/v1/payin/{id}: how a payment link stands."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.payins import own_payin, shown_payin
from shared.usecases.link.settle_link import standing


@endpoint("GET", "/api/v1/payin/{id}", beside=("PATCH",), caller=Caller.SECRET_KEY, summary="Read a payment link")
def handler(call: Call) -> Reply:
    return Reply(shown_payin(*standing(own_payin(call), world=core.world(), links=core.links())))
