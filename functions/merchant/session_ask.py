"""POST /api/merchant/session/link: mail a link that signs in, if anybody of this address works anywhere."""

from __future__ import annotations

from shared.bootstrap import core, runtime
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.edge.session import check_origin
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.people import LinkRequest, visitor
from shared.usecases.people.sign_in import ask_for_link


@endpoint(
    "POST",
    "/api/merchant/session/link",
    caller=Caller.ANYONE,
    summary="Ask for a link to sign in with; the answer is the same whoever is known",
    request=LinkRequest,
    success=(202,),
    problems=(403,),
)
def handler(call: Call) -> Reply:
    check_origin(call.request)
    ask_for_link(
        call.body(LinkRequest).email,
        visitor(call.request),
        call.request.pages_origin,
        allowances=core.allowances(),
        letters=core.letters(),
        now=runtime.now(),
    )
    return Reply({"success": True}, 202)
