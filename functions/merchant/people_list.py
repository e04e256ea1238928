"""GET /api/merchant/people: who works at the merchant, and what they may do."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.people import shown_person


@endpoint(
    "GET",
    "/api/merchant/people",
    caller=Caller.SECRET_KEY,
    beside=("POST",),
    summary="The people who work at your shop",
)
def handler(call: Call) -> Reply:
    people = core.merchants().record(call.credential.merchant.id).people
    return Reply({"success": True, "people": [shown_person(person) for person in people], "count": len(people)})
