"""PATCH /api/merchant/people/{id}: what somebody may do, and where."""

from __future__ import annotations

from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.people import PersonRequest, by_the_caller, shown_person
from shared.usecases.people.keep_people import change_person


@endpoint(
    "PATCH",
    "/api/merchant/people/{id}",
    caller=Caller.SECRET_KEY,
    beside=("DELETE",),
    summary="Change what a person may do, and where; in force with their next request",
    request=PersonRequest,
)
def handler(call: Call) -> Reply:
    wanted = call.body(PersonRequest).wanted()
    person = change_person(call.path("id"), wanted, call.credential, office=by_the_caller(call))
    return Reply({"success": True, **shown_person(person)})
