"""GET /api/v1/refunds/{id}: one refund, whichever door it came through."""

from __future__ import annotations

from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay import ids
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.refunds import refund_of
from shared.families.glomopay.views import shown_refund


@endpoint("GET", "/api/v1/refunds/{id}", caller=Caller.SECRET_KEY, summary="Read a refund")
def handler(call: Call) -> Reply:
    return Reply(shown_refund(refund_of(ids.named(call, ids.REFUND), call.credential)))
