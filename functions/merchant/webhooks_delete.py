"""DELETE /api/merchant/webhooks/{id}: remove a webhook endpoint; what was still to be delivered ends."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.webhooks import changeable_endpoint


@endpoint(
    "DELETE",
    "/api/merchant/webhooks/{id}",
    caller=Caller.SECRET_KEY,
    summary="Remove a webhook endpoint",
    noted_of_keys=True,
)
def handler(call: Call) -> Reply:
    mine = changeable_endpoint(call)
    core.merchants().delete_endpoint(mine)
    return Reply({"success": True, "id": mine.id, "deleted": True})
