"""GET /api/merchant/webhooks/{id}: one webhook endpoint."""

from __future__ import annotations

from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.webhooks import own_endpoint, shown_endpoint


@endpoint(
    "GET",
    "/api/merchant/webhooks/{id}",
    beside=("PATCH", "DELETE"),
    caller=Caller.SECRET_KEY,
    summary="One webhook endpoint",
)
def handler(call: Call) -> Reply:
    return Reply({"success": True, **shown_endpoint(own_endpoint(call))})
