"""GET /api/merchant/session: who is signed in in this browser."""

from __future__ import annotations

from shared.edge import session
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.people import shown_session


@endpoint(
    "GET",
    "/api/merchant/session",
    caller=Caller.ANYONE,
    beside=("POST", "PATCH", "DELETE"),
    summary="Who is signed in in this browser; nobody is an answer too",
)
def handler(call: Call) -> Reply:
    token = session.token_of(call.request)
    found = session.standing(token) if token else None
    return Reply(shown_session(found) if found else {"success": True, "signedIn": False})
