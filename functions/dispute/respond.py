"""POST /api/merchant/disputes/{disputeId}/respond: the merchant's answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from shared.bootstrap import core
from shared.domain.payment import Environment
from shared.edge.call import Call
from shared.edge.fields import NoCardNumber
from shared.edge.observe import count, logger
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.disputes import own_dispute
from shared.families.payglobe.endpoint import endpoint
from shared.usecases.dispute.respond_dispute import MOST_FILES, respond_dispute

ANSWERED = "DisputesAnswered"
EvidenceName = Annotated[str, StringConstraints(min_length=1, max_length=64), NoCardNumber]
Answer = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000), NoCardNumber]


class RespondRequest(BaseModel):
    response: Answer = Field(examples=["Delivered on 2025-11-03, signed by the customer."])
    evidence: list[EvidenceName] = Field(
        default_factory=list, max_length=MOST_FILES, description="evidenceIds of files that were uploaded"
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
    dispute = respond_dispute(
        dispute,
        body.response,
        body.evidence,
        world=core.world(),
        disputes=core.disputes(),
        files=core.evidence(),
    )
    if dispute.environment is Environment.LIVE:  # the operator brings it to the PSP
        logger().info("dispute answered", disputeId=dispute.id, source=dispute.source, pspDisputeId=dispute.psp_id)
        count(ANSWERED)
    return Reply(
        {
            "success": True,
            "disputeId": dispute.id,
            "status": dispute.status.value,
            "message": "Response submitted successfully",
        }
    )
