"""GET /api/v1/customer: the merchant's customers, newest first."""

from __future__ import annotations

from shared.bootstrap import records
from shared.edge.call import Call
from shared.edge.paging import NUMBERED, numbered_page, page_meta
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.customers import shown_customer
from shared.families.glomopay.endpoint import endpoint


@endpoint(
    "GET",
    "/api/v1/customer",
    caller=Caller.SECRET_KEY,
    summary="Your customers, newest first",
    query={"email_address": "Only those with this address, in any letter case", **NUMBERED},
)
def handler(call: Call) -> Reply:
    caller, page = call.credential, numbered_page(call)
    found = records.customers().of_merchant(
        caller.merchant.id, caller.environment, page, email=call.query("email_address")
    )
    shown = [shown_customer(customer) for customer in found.items]
    return Reply({"data": shown, "page_meta": page_meta(page, found.count)})
