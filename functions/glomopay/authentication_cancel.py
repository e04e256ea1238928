"""POST /api/v1/authentication/{id}/cancel: the card's holder gives up."""

from __future__ import annotations

from shared.domain.payment import Ending
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.authentication import came_to, token_payment
from shared.families.glomopay.ending import ended
from shared.families.glomopay.endpoint import endpoint


@endpoint(
    "POST",
    "/api/v1/authentication/{id}/cancel",
    caller=Caller.CARD_HOLDER,
    summary="Give up; what was paid a moment before stays paid",
)
def handler(call: Call) -> Reply:
    payment = ended(token_payment(call), Ending.CANCELLED, "cancelled", "The customer cancelled")
    return Reply(came_to(payment))
