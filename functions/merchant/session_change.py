"""PATCH /api/merchant/session: stay signed in, and say where to go on after a reload."""

from __future__ import annotations

from dataclasses import replace

from shared.bootstrap import core, runtime
from shared.domain.errors import Forbidden
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.people import SessionRequest, shown_session, signed_in
from shared.usecases.people.sign_in import renew_session


@endpoint(
    "PATCH",
    "/api/merchant/session",
    caller=Caller.PERSON,
    noted=False,
    summary="Begin the session's hour anew, and say in which environment it goes on",
    request=SessionRequest,
)
def handler(call: Call) -> Reply:
    found, wanted = signed_in(call), call.body(SessionRequest).environment
    if wanted not in found.person.environments:
        raise Forbidden(f"you do not work in the {wanted} environment", code="environment_refused")
    renewed = renew_session(found.token, found.session, wanted, people=core.people(), now=runtime.now())
    return Reply(shown_session(replace(found, session=renewed)))
