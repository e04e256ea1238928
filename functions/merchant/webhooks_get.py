"""GET /api/merchant/webhooks/{id}: one webhook endpoint."""

from __future__ import annotations

from shared.edge.auth import Caller
from shared.edge.call import Call, Reply
from shared.edge.http import endpoint
from shared.families.payglobe.webhooks import own_endpoint, shown_endpoint


@endpoint(
    "GET",
    "/api/merchant/webhooks/{id}",
    caller=Caller.SECRET_KEY,
    summary="One webhook endpoint",
)
def handler(call: Call) -> Reply:
    return Reply({"success": True, **shown_endpoint(own_endpoint(call))})
