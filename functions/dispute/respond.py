"""POST /api/merchant/disputes/{disputeId}/respond: the merchant's answer, or that the money is given up."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from shared.bootstrap import core
from shared.domain.answering import LONGEST_TEXT, MOST_FILES
from shared.domain.errors import InvalidRequest
from shared.domain.payment import Environment
from shared.edge.call import Call
from shared.edge.fields import NoCardNumber
from shared.edge.observe import count, logger
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.dispute_views import Delivery, delivery_of
from shared.families.payglobe.disputes import own_dispute
from shared.families.payglobe.endpoint import endpoint
from shared.usecases.dispute.respond_dispute import respond_dispute

ANSWERED = "DisputesAnswered"
EvidenceName = Annotated[str, StringConstraints(min_length=1, max_length=64), NoCardNumber]
Answer = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT), NoCardNumber]


class RespondRequest(BaseModel):
    response: Answer | None = Field(
        default=None,
        description="Required, unless `accept`: then a note for the card gateway",
        examples=["Delivered on 2025-11-03, signed by the customer."],
    )
    evidence: list[EvidenceName] = Field(
        default_factory=list, max_length=MOST_FILES, description="evidenceIds of files that were uploaded"
    )
    accept: bool = Field(
        default=False,
        strict=True,
        description="Give up what is disputed: the customer keeps the money. It is not undone",
    )


@endpoint(
    "POST",
    "/api/merchant/disputes/{disputeId}/respond",
    caller=Caller.SECRET_KEY,
    summary="Answer a dispute, with a text and uploaded files",
    request=RespondRequest,
    idempotent=True,
)
def handler(call: Call) -> Reply:
    dispute = own_dispute(call)
    body = call.body(RespondRequest)
    if body.response is None and not body.accept:
        raise InvalidRequest("response: what the bank is to be told", param="response")
    if body.accept and body.evidence:
        raise InvalidRequest("evidence: what is accepted needs none", param="evidence")
    dispute = respond_dispute(
        dispute,
        body.response or "",
        body.evidence,
        world=core.world(),
        disputes=core.disputes(),
        files=core.evidence(),
        desks=core.dispute_desks(),
        accepts=body.accept,
    )
    delivery = delivery_of(dispute, dispute.responses[-1])
    if dispute.environment is Environment.LIVE and delivery is Delivery.BY_HAND:  # the operator brings it to the PSP
        logger().info("dispute answered", disputeId=dispute.id, source=dispute.source, pspDisputeId=dispute.psp_id)
        count(ANSWERED)
    return Reply(
        {
            "success": True,
            "disputeId": dispute.id,
            "status": dispute.status.value,
            "message": "Response submitted successfully",
            "delivery": delivery.value,
        }
    )
