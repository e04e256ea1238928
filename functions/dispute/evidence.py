"""POST /api/merchant/disputes/{disputeId}/evidence: a form to upload one file with."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from shared.bootstrap import core
from shared.domain.answering import LARGEST_FILE, TYPES
from shared.domain.dispute import Purpose
from shared.edge.call import Call
from shared.edge.fields import NoCardNumber
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.disputes import own_dispute
from shared.families.payglobe.endpoint import endpoint
from shared.usecases.dispute.respond_dispute import UPLOAD_SECONDS, add_evidence

FileName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), NoCardNumber]


class EvidenceRequest(BaseModel):
    fileName: FileName = Field(examples=["receipt.pdf"])
    contentType: Annotated[str, StringConstraints(max_length=100), NoCardNumber] = Field(
        description=f"One of {', '.join(TYPES)}", examples=["application/pdf"]
    )
    size: Annotated[int, Field(strict=True)] = Field(
        description=f"Bytes, exactly; at most {LARGEST_FILE}", examples=[48213]
    )
    purpose: Purpose = Field(default=Purpose.OTHER, description="What it shows. Stripe takes one file of each")


@endpoint(
    "POST",
    "/api/merchant/disputes/{disputeId}/evidence",
    caller=Caller.SECRET_KEY,
    summary="Announce a file of evidence and get the form that uploads it",
    request=EvidenceRequest,
    idempotent=True,
)
def handler(call: Call) -> Reply:
    dispute = own_dispute(call)
    body = call.body(EvidenceRequest)
    file, url, fields = add_evidence(
        dispute,
        body.fileName,
        body.contentType,
        body.size,
        world=core.world(),
        disputes=core.disputes(),
        files=core.evidence(),
        desks=core.dispute_desks(),
        seed=call.once.seed,
        purpose=body.purpose,
    )
    upload = {"url": url, "fields": fields, "expiresIn": UPLOAD_SECONDS}
    # Not kept for a replay: the form is good for minutes only, and the same key makes a new one for the same file.
    reply = {"success": True, "disputeId": dispute.id, "evidenceId": file.id, "upload": upload}
    return Reply(reply, final=False)
