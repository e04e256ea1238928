"""POST /api/merchant/people: let somebody sign in to the dashboard, and mail them how."""

from __future__ import annotations

from shared.bootstrap import core, runtime
from shared.domain.allowance import HOUR, Allowance
from shared.domain.person import person_id
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.people import InviteRequest, by_the_caller, shown_person
from shared.usecases.people.keep_people import INVITATIONS_AN_HOUR, invite


@endpoint(
    "POST",
    "/api/merchant/people",
    caller=Caller.SECRET_KEY,
    summary="Invite somebody: an e-mail with a link that works once, within a day",
    request=InviteRequest,
    success=(201,),
    idempotent=True,
)
def handler(call: Call) -> Reply:
    wanted, caller, now = call.body(InviteRequest).wanted(), call.credential, runtime.now()
    core.allowances().take(Allowance(f"invites#{caller.merchant.id}", INVITATIONS_AN_HOUR, HOUR), now)
    person = invite(wanted, person_id(call.once.seed), caller, office=by_the_caller(call))
    core.letters().ask(person.email, call.request.pages_origin, caller.merchant.id)
    return Reply({"success": True, **shown_person(person)}, 201)
