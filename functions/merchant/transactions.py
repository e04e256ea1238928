"""GET /api/merchant/transactions: the merchant's payments, newest first."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.paging import PAGING, page_size
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.views import listed


@endpoint(
    "GET",
    "/api/merchant/transactions",
    caller=Caller.SECRET_KEY,
    summary="Your payments, newest first",
    query=PAGING,
)
def handler(call: Call) -> Reply:
    caller = call.credential
    found, cursor = core.payments().of_merchant(
        caller.merchant.id, caller.environment, limit=page_size(call), cursor=call.query("cursor")
    )
    shown = [listed(payment) for payment in found]
    return Reply({"success": True, "transactions": shown, "count": len(shown), "nextCursor": cursor})
