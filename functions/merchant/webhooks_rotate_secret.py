"""POST /api/merchant/webhooks/{id}/rotate-secret: a new secret; the old one signs beside it for 24 hours."""

from __future__ import annotations

from shared.bootstrap import webhooks
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.webhooks import changeable_endpoint, shown_endpoint
from shared.families.registry import NOTICES
from shared.usecases.webhook.manage_endpoints import rotate_secret


@endpoint(
    "POST",
    "/api/merchant/webhooks/{id}/rotate-secret",
    caller=Caller.SECRET_KEY,
    summary="Replace an endpoint's secret; both sign for 24 hours",
    noted_of_keys=True,
    idempotent=True,
    shown_once=frozenset({"secret"}),
)
def handler(call: Call) -> Reply:
    rotated = rotate_secret(changeable_endpoint(call), world=webhooks.webhook_world(NOTICES))
    return Reply({"success": True, **shown_endpoint(rotated, with_secret=True)})
