"""POST /sandbox/card-page/{paymentID}/cancel: the customer leaves the card page."""

from __future__ import annotations

from shared.bootstrap import sandbox
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.sandbox import card_reply, page_payment
from shared.families.payglobe.visitors import paying_visitor


@endpoint(
    "POST",
    "/sandbox/card-page/{paymentID}/cancel",
    caller=Caller.ANYONE,
    summary="Cancel on the hosted card page of the sandbox",
    visitor=True,
)
def handler(call: Call) -> Reply:
    payment = page_payment(call)
    return card_reply(payment, sandbox.sandbox_page().cancel(payment.page_id), paying_visitor(call))
