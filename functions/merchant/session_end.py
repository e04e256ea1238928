"""DELETE /api/merchant/session: sign out of this browser, or of every one."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.edge.session import clear_cookie
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.people import by_the_caller, signed_in
from shared.usecases.people.sign_in import sign_out_everywhere


@endpoint(
    "DELETE",
    "/api/merchant/session",
    caller=Caller.PERSON,
    noted=False,
    summary="Sign out here, or wherever you are signed in",
    query={"everywhere": "true: end all your sessions, not this one alone"},
)
def handler(call: Call) -> Reply:
    found = signed_in(call)
    if call.query("everywhere") == "true":
        sign_out_everywhere(found.person, found.session.merchant_id, office=by_the_caller(call))
    core.people().end(found.token)
    return Reply({"success": True}, headers=clear_cookie())
