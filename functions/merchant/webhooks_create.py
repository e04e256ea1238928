"""POST /api/merchant/webhooks: add a webhook endpoint; its secret is shown this once."""

from __future__ import annotations

from shared.bootstrap import webhooks
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.webhook_bodies import NewEndpoint
from shared.families.payglobe.webhooks import shown_endpoint
from shared.families.registry import NOTICES
from shared.usecases.webhook.manage_endpoints import create_endpoint


@endpoint(
    "POST",
    "/api/merchant/webhooks",
    caller=Caller.SECRET_KEY,
    summary="Add a webhook endpoint",
    noted_of_keys=True,
    request=NewEndpoint,
    idempotent=True,
    shown_once=frozenset({"secret"}),
)
def handler(call: Call) -> Reply:
    wanted = call.body(NewEndpoint).wanted()
    made = create_endpoint(call.credential, wanted, world=webhooks.webhook_world(NOTICES), seed=call.once.seed)
    return Reply({"success": True, **shown_endpoint(made, with_secret=True)})
