"""PATCH /api/merchant/webhooks/{id}: change, pause or resume a webhook endpoint."""

from __future__ import annotations

from shared.bootstrap import webhooks
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.webhook_bodies import EndpointChange
from shared.families.payglobe.webhooks import changeable_endpoint, own_endpoint, shown_endpoint
from shared.families.registry import NOTICES
from shared.usecases.webhook.manage_endpoints import update_endpoint


@endpoint(
    "PATCH",
    "/api/merchant/webhooks/{id}",
    caller=Caller.SECRET_KEY,
    summary="Change, pause or resume a webhook endpoint; events are kept while it is paused",
    noted_of_keys=True,
    request=EndpointChange,
)
def handler(call: Call) -> Reply:
    mine = own_endpoint(call)
    body = call.body(EndpointChange)
    if mine.service and body.model_fields_set - {"status"}:
        mine = changeable_endpoint(call)
    wanted = body.wanted()
    changed = update_endpoint(mine, wanted, world=webhooks.webhook_world(NOTICES))
    return Reply({"success": True, **shown_endpoint(changed)})
