"""POST /api/merchant/session: use a mailed link up, and be signed in."""

from __future__ import annotations

from shared.bootstrap import core, runtime
from shared.domain.errors import Unauthenticated
from shared.edge import session
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.edge.session import check_origin
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.people import BeginRequest, shown_session, visitor
from shared.usecases.people.sign_in import begin_session


@endpoint(
    "POST",
    "/api/merchant/session",
    caller=Caller.ANYONE,
    summary="Sign in with a link that was mailed: a cookie that no script can read",
    request=BeginRequest,
    problems=(401, 403),
)
def handler(call: Call) -> Reply:
    check_origin(call.request)
    token, _ = begin_session(
        call.body(BeginRequest).token,
        visitor(call.request),
        people=core.people(),
        merchants=core.merchants(),
        allowances=core.allowances(),
        now=runtime.now(),
        entropy=runtime.entropy,
    )
    found = session.standing(token)
    if found is None:  # removed in this very moment
        raise Unauthenticated("this link was used already, or is over; ask for another", code="link_over")
    return Reply(shown_session(found), headers=session.set_cookie(token))
