"""GET /api/merchant/disputes: the merchant's disputes, newest first."""

from __future__ import annotations

from shared.bootstrap import core, runtime
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.dispute_views import listed_dispute
from shared.families.payglobe.disputes import FILTERS, wanted_disputes
from shared.families.payglobe.endpoint import endpoint
from shared.usecases.dispute.list_disputes import list_disputes


@endpoint(
    "GET",
    "/api/merchant/disputes",
    caller=Caller.SECRET_KEY,
    summary="Your disputes, newest first",
    query=FILTERS,
)
def handler(call: Call) -> Reply:
    caller, wanted = call.credential, wanted_disputes(call)
    found = list_disputes(
        caller.merchant.id, caller.environment, wanted, world=core.world(), disputes=core.disputes()
    )
    now = runtime.now()
    return Reply(
        {
            "disputes": [listed_dispute(dispute, now) for dispute in found.disputes],
            "currentPage": wanted.page,
            "totalPages": -(-found.total // wanted.size),
            "totalItems": found.total,
            "nextCursor": found.cursor,
        }
    )
