"""POST /api/merchant/webhooks/{id}/test: send a test event to one endpoint, paused or not."""

from __future__ import annotations

from shared.bootstrap import webhooks
from shared.domain.delivery import delivery_id
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.webhooks import own_endpoint
from shared.families.registry import NOTICES
from shared.usecases.webhook.manage_endpoints import send_test


@endpoint(
    "POST",
    "/api/merchant/webhooks/{id}/test",
    caller=Caller.SECRET_KEY,
    summary="Send a test event to an endpoint",
    success=(202,),
    idempotent=True,
)
def handler(call: Call) -> Reply:
    mine = own_endpoint(call)
    event = send_test(mine, world=webhooks.webhook_world(NOTICES), seed=call.once.seed)
    return Reply({"success": True, "eventId": event.id, "deliveryId": delivery_id(mine.id, event.id)}, 202)
