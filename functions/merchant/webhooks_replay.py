"""POST /api/merchant/webhooks/{id}/replay?since=: deliver again everything since then, in the background."""

from __future__ import annotations

from shared.bootstrap import webhooks
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.webhooks import moment_of, own_endpoint_id, stamp
from shared.families.registry import NOTICES
from shared.usecases.webhook.manage_endpoints import replay_endpoint


@endpoint(
    "POST",
    "/api/merchant/webhooks/{id}/replay",
    caller=Caller.SECRET_KEY,
    summary="Deliver again every event since a time, whatever became of it",
    success=(202,),
    idempotent=True,
    query={"since": "ISO 8601 with a time zone"},
)
def handler(call: Call) -> Reply:
    endpoint_id = own_endpoint_id(call)
    since = moment_of(call, "since")
    replay_endpoint(call.credential, endpoint_id, since, world=webhooks.webhook_world(NOTICES))
    return Reply({"success": True, "endpointId": endpoint_id, "since": stamp(since)}, 202)
