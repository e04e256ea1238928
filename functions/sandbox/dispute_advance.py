"""POST /api/sandbox/disputes/{disputeId}/advance: make the bank of a test dispute go on."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from shared.bootstrap import core, runtime, sandbox
from shared.domain.dispute import CLOSED
from shared.domain.errors import Forbidden, IllegalTransition
from shared.domain.payment import Environment
from shared.domain.statuses import DisputeStatus
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.disputes import own_dispute
from shared.families.payglobe.endpoint import endpoint
from shared.usecases.dispute.take_notice import take_notice


class AdvanceRequest(BaseModel):
    to: Literal["EVIDENCE_REQUIRED", "WON", "LOST", "CANCELLED"] = Field(examples=["WON"])


@endpoint(
    "POST",
    "/api/sandbox/disputes/{disputeId}/advance",
    caller=Caller.SECRET_KEY,
    summary="Test keys only: what the bank says next about a dispute",
    request=AdvanceRequest,
)
def handler(call: Call) -> Reply:
    if call.credential.environment is not Environment.TEST:
        raise Forbidden("this needs a test key (sk_test_...)", code="test_key_required")
    dispute = own_dispute(call)
    to = DisputeStatus(call.body(AdvanceRequest).to)
    status = dispute.status_at(runtime.now())
    if status in CLOSED:
        raise IllegalTransition(f"the dispute is closed ({status})", code="dispute_closed")
    notice = sandbox.sandbox_bank_says(dispute, to)
    after = take_notice(notice, world=core.world(), disputes=core.disputes()) or dispute
    return Reply({"success": True, "disputeId": after.id, "status": after.status.value})
