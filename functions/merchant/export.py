"""GET /api/merchant/export: the payments of a search as CSV, a part at a time."""

from __future__ import annotations

from typing import Final

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.search import FILTERS, check_known, sought
from shared.families.payglobe.sheets import payments_sheet

AT_ONCE: Final = 500
QUERY: Final = {**FILTERS, "cursor": "X-Next-Cursor of the part before; a part without that header is the last"}


@endpoint(
    "GET",
    "/api/merchant/export",
    caller=Caller.SECRET_KEY,
    summary="Your payments as CSV, newest first; the first part has the names of the columns",
    query=QUERY,
    reply_type="text/csv",
)
def handler(call: Call) -> Reply:
    check_known(call, QUERY)
    caller, cursor = call.credential, call.query("cursor")
    found, following = core.payments().of_merchant(
        caller.merchant.id, caller.environment, limit=AT_ONCE, cursor=cursor, sought=sought(call)
    )
    headers = {"Content-Type": "text/csv; charset=utf-8", "Cache-Control": "no-store"}
    if following:
        headers["X-Next-Cursor"] = following
    return Reply(payments_sheet(found, headed=not cursor), 200, headers)
