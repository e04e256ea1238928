"""POST /api/merchant/deliveries/{id}/replay: deliver one event again, with a fresh schedule of attempts."""

from __future__ import annotations

from shared.bootstrap import webhooks
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.webhooks import own_delivery, shown_delivery
from shared.families.registry import NOTICES
from shared.usecases.webhook.replay_deliveries import replay_delivery


@endpoint(
    "POST",
    "/api/merchant/deliveries/{id}/replay",
    caller=Caller.SECRET_KEY,
    summary="Deliver one event to its endpoint again",
    success=(202,),
    idempotent=True,
)
def handler(call: Call) -> Reply:
    replayed = replay_delivery(own_delivery(call), world=webhooks.webhook_world(NOTICES))
    return Reply({"success": True, **shown_delivery(replayed)}, 202)
