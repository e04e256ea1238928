"""GET /api/merchant/webhooks/{id}/deliveries: what was sent, attempt by attempt, newest first."""

from __future__ import annotations

from shared.bootstrap import webhooks
from shared.edge.call import Call
from shared.edge.paging import PAGING, page_size
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.webhooks import own_endpoint_id, shown_delivery


@endpoint(
    "GET",
    "/api/merchant/webhooks/{id}/deliveries",
    caller=Caller.SECRET_KEY,
    summary="Deliveries of an endpoint with every attempt; the id notify lists those to notifyUrl addresses",
    query=PAGING,
)
def handler(call: Call) -> Reply:
    caller, endpoint_id = call.credential, own_endpoint_id(call)
    found, cursor = webhooks.deliveries().of_endpoint(
        caller.merchant.id, caller.environment, endpoint_id, limit=page_size(call), cursor=call.query("cursor")
    )
    return Reply({"success": True, "deliveries": [shown_delivery(each) for each in found], "nextCursor": cursor})
