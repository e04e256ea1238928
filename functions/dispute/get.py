"""GET /api/merchant/disputes/{disputeId}: one dispute with its responses, files and history."""

from __future__ import annotations

from shared.bootstrap import runtime
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.dispute_views import shown_dispute
from shared.families.payglobe.disputes import own_dispute
from shared.families.payglobe.endpoint import endpoint


@endpoint(
    "GET",
    "/api/merchant/disputes/{disputeId}",
    caller=Caller.SECRET_KEY,
    summary="Read a dispute, with its responses, evidence and history",
)
def handler(call: Call) -> Reply:
    return Reply({"success": True, **shown_dispute(own_dispute(call), runtime.now())})
