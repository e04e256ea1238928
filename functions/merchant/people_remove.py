"""DELETE /api/merchant/people/{id}: somebody works here no longer."""

from __future__ import annotations

from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.people import by_the_caller
from shared.usecases.people.keep_people import remove_person


@endpoint(
    "DELETE",
    "/api/merchant/people/{id}",
    caller=Caller.SECRET_KEY,
    summary="Remove a person; they are signed out everywhere at once",
)
def handler(call: Call) -> Reply:
    remove_person(call.path("id"), call.credential, office=by_the_caller(call))
    return Reply({"success": True, "id": call.path("id")})
