"""GET /api/merchant/transactions: the merchant's payments, newest first, narrowed to what it looks for."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.paging import page_size
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.search import QUERY, check_known, sought
from shared.families.payglobe.views import listed


@endpoint(
    "GET",
    "/api/merchant/transactions",
    caller=Caller.SECRET_KEY,
    summary="Your payments, newest first; a page may be short, and has a cursor while there is more",
    query=QUERY,
)
def handler(call: Call) -> Reply:
    check_known(call, QUERY)
    caller = call.credential
    wanted, limit, cursor = sought(call), page_size(call), call.query("cursor")
    found, cursor = core.payments().of_merchant(
        caller.merchant.id, caller.environment, limit=limit, cursor=cursor, sought=wanted
    )
    shown = [listed(payment) for payment in found]
    return Reply({"success": True, "transactions": shown, "count": len(shown), "nextCursor": cursor})
