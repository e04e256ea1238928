"""POST /api/merchant/webhooks: add a webhook endpoint; its secret is shown this once."""

from __future__ import annotations

from shared import bootstrap
from shared.edge.auth import Caller
from shared.edge.call import Call, Reply
from shared.edge.http import endpoint
from shared.edge.webhook_bodies import NewEndpoint
from shared.edge.webhooks import shown_endpoint
from shared.usecases.manage_endpoints import create_endpoint


@endpoint(
    "POST",
    "/api/merchant/webhooks",
    caller=Caller.SECRET_KEY,
    summary="Add a webhook endpoint",
    request=NewEndpoint,
    idempotent=True,
    shown_once=frozenset({"secret"}),
)
def handler(call: Call) -> Reply:
    wanted = call.body(NewEndpoint).wanted()
    made = create_endpoint(call.credential, wanted, world=bootstrap.webhook_world(), seed=call.seed)
    return Reply({"success": True, **shown_endpoint(made, with_secret=True)})
