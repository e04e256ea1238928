"""POST /api/v1/authentication/{id}: the holder's answer; the card is charged when it is the right one."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from shared.bootstrap import core, runtime
from shared.domain.payment import Ending
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.authentication import came_to, token_payment
from shared.families.glomopay.ending import concluded, ended
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.problems import WrongCode
from shared.usecases.payment.present_card import authenticate


class CodeRequest(BaseModel):
    otp: Annotated[str, Field(min_length=1, max_length=16)] | None = Field(
        default=None, description="The bank's code; 123456 in test. Left out for a card that asks for none"
    )


@endpoint(
    "POST",
    "/api/v1/authentication/{id}",
    caller=Caller.CARD_HOLDER,
    summary="Answer the card's bank; three wrong codes end the payment",
    request=CodeRequest,
    success=(200, 202),
)
def handler(call: Call) -> Reply:
    payment, code = token_payment(call), call.body(CodeRequest).otp
    if not payment.is_final and payment.is_expired(runtime.now()):
        payment = ended(payment, Ending.EXPIRED, "expired", "The checkout expired before it was completed")
    if payment.is_final:
        return Reply(came_to(payment))  # a double click, or the address opened again
    answered = authenticate(payment.id, code, world=core.world())
    if answered.tries_left:
        raise WrongCode(answered.tries_left)
    payment = concluded(answered.payment)
    return Reply(came_to(payment), 200 if payment.is_final else 202)
