"""GET /api/sandbox/messages: e-mails and SMS that test mode captured instead of sending."""

from __future__ import annotations

from shared.bootstrap import sandbox
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint


@endpoint(
    "GET",
    "/api/sandbox/messages",
    caller=Caller.SECRET_KEY,
    summary="Messages captured in test mode, newest first",
)
def handler(call: Call) -> Reply:
    caller = call.credential
    messages = sandbox.captured_messages().read(caller.merchant.id, caller.environment)
    return Reply({"messages": messages, "count": len(messages)})
