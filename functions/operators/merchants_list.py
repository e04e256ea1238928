"""GET /api/operator/merchants: every merchant, or those that are meant by a part of number, name or address."""

from __future__ import annotations

from typing import Final

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.paging import page_size
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.operators import listed_merchant, matching

QUERY: Final = {
    "q": "A part of the merchant's number, name or e-mail address",
    "after": "merchantId of the last of the page before",
    "limit": "1 to 100, 20 unless given",
}


@endpoint(
    "GET",
    "/api/operator/merchants",
    beside=("POST",),
    caller=Caller.OPERATOR,
    summary="Merchants by their names; what is looked through is a narrow index of numbers, names and addresses",
    query=QUERY,
)
def handler(call: Call) -> Reply:
    limit, after = page_size(call), call.query("after")
    found = sorted(
        filter(matching(call.query("q") or ""), core.merchants().listed()),
        key=lambda one: (one.name.casefold(), one.id),
    )
    at = next((n for n, one in enumerate(found, 1) if one.id == after), 0) if after else 0
    page = core.merchants().records([one.id for one in found[at : at + limit]])
    shown = [listed_merchant(record) for record in page]
    return Reply({"success": True, "merchants": shown, "count": len(shown), "hasMore": at + limit < len(found)})
