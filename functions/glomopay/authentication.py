"""GET /api/v1/authentication/{id}: what the page of a card's holder shows. Reading moves nothing."""

from __future__ import annotations

from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.authentication import shown_challenge, token_payment
from shared.families.glomopay.endpoint import endpoint


@endpoint(
    "GET",
    "/api/v1/authentication/{id}",
    beside=("POST",),
    caller=Caller.CARD_HOLDER,
    summary="What is asked of the card's holder, or how the payment ended",
)
def handler(call: Call) -> Reply:
    return Reply(shown_challenge(token_payment(call)))
