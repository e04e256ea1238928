"""GET /api/merchant/webhooks: the merchant's webhook endpoints."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.webhooks import shown_endpoint
from shared.usecases.webhook.manage_endpoints import list_endpoints


@endpoint(
    "GET",
    "/api/merchant/webhooks",
    beside=("POST",),
    caller=Caller.SECRET_KEY,
    summary="Your webhook endpoints",
)
def handler(call: Call) -> Reply:
    endpoints = list_endpoints(call.credential, merchants=core.merchants())
    return Reply({"success": True, "webhooks": [shown_endpoint(each) for each in endpoints]})
