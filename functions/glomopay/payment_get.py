"""GET /api/v1/payments/{id}: how a payment stands; the address that a new payment names for polling."""

from __future__ import annotations

from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.payments import own_payment, shown_payment


@endpoint(
    "GET",
    "/api/v1/payments/{id}",
    aliases=("/api/v1/payment/{id}",),
    not_offered=("mock",),  # bank transfers are made up there, and none are taken here
    caller=Caller.SECRET_KEY,
    summary="Read a payment",
)
def handler(call: Call) -> Reply:
    return Reply(shown_payment(own_payment(call)))
