"""GET /api/merchant/paygol: the merchant's own service, and where its notifications go."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.services import own_service, shown_service
from shared.usecases.webhook.service_endpoint import service_endpoint


@endpoint(
    "GET",
    "/api/merchant/paygol",
    beside=("PATCH",),
    caller=Caller.SECRET_KEY,
    summary="Read the Paygol service",
    problems=(404,),
)
def handler(call: Call) -> Reply:
    service = own_service(call, "paygol")
    there = service_endpoint(call.credential.merchant.id, service, merchants=core.merchants())
    return Reply(shown_service(service, there))
