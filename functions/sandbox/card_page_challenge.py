"""POST /sandbox/card-page/{paymentID}/challenge: the customer answers the 3-D Secure challenge."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from shared.bootstrap import sandbox
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.sandbox import card_reply, check_takes_card, judged, page_payment
from shared.families.payglobe.visitors import paying_visitor


class ChallengeRequest(BaseModel):
    otp: Annotated[str, Field(min_length=1, max_length=16, description="123456 passes, the third wrong one declines")]


@endpoint(
    "POST",
    "/sandbox/card-page/{paymentID}/challenge",
    caller=Caller.ANYONE,
    summary="Answer the 3-D Secure challenge of the sandbox; a code may be entered three times",
    visitor=True,
    request=ChallengeRequest,
)
def handler(call: Call) -> Reply:
    payment = page_payment(call)
    check_takes_card(payment)
    body = call.body(ChallengeRequest)
    visitor = paying_visitor(call)
    outcome = judged(payment, lambda: sandbox.sandbox_page().challenge(payment.page_id, body.otp, visitor))
    return card_reply(payment, outcome, visitor)
