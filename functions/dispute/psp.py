"""POST /webhook/psp/dispute: what PSPs tell us of disputes."""

from __future__ import annotations

from shared.bootstrap import connectors, core
from shared.domain.errors import InvalidRequest, SenderNotAsked
from shared.edge.call import Call
from shared.edge.observe import count, logger
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.usecases.dispute.take_notice import take_notice

UNUSED = "DisputeMessagesUnused"
NOT_ASKED = "SendersNotAsked"  # no alarm looks at it: anybody can make us ask


@endpoint(
    "POST",
    "/webhook/psp/dispute",
    caller=Caller.ANYONE,
    summary="For PSPs only: a signed message about a dispute (IGFS, Stripe, PayPal, Shift4)",
    success=(200, 202),
    problems=(401, 424),
)
def handler(call: Call) -> Reply:
    try:
        notice = connectors.dispute_notice(call.request.headers, call.request.body)
    except InvalidRequest:  # signed all the same: somebody should look
        count(UNUSED)
        raise
    except SenderNotAsked:
        count(NOT_ASKED)
        raise
    if notice is None:
        return Reply({"received": True, "matched": False, "disputeId": None, "status": None})
    dispute = take_notice(notice, world=core.world(), disputes=core.disputes())
    if dispute is None:
        logger().warning("dispute of an unknown payment", source=notice.source, pspDisputeId=notice.psp_id)
        count(UNUSED)
        return Reply({"received": True, "matched": False, "disputeId": None, "status": None}, 202)
    call.about = dispute
    return Reply({"received": True, "matched": True, "disputeId": dispute.id, "status": dispute.status.value})
