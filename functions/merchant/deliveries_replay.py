"""POST /api/merchant/deliveries/{id}/replay: deliver one event again, with a fresh schedule of attempts."""

from __future__ import annotations

from shared.bootstrap import webhooks
from shared.edge.auth import Caller
from shared.edge.call import Call, Reply
from shared.edge.http import endpoint
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
