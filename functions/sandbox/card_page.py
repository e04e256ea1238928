"""GET /sandbox/card-page/{paymentID}: what the sandbox's card page shows."""

from __future__ import annotations

from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.sandbox import page_payment, page_view
from shared.families.payglobe.visitors import visitor_of


@endpoint(
    "GET",
    "/sandbox/card-page/{paymentID}",
    beside=("POST",),
    caller=Caller.ANYONE,
    summary="What the hosted card page of the sandbox shows; nextUrl for the browser whose card was accepted",
    visitor=True,
    problems=(409,),
)
def handler(call: Call) -> Reply:
    return Reply(page_view(page_payment(call), visitor_of(call)))
