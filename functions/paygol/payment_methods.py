"""POST and GET /api/v2/payment/methods: what can be paid with in a country."""

from __future__ import annotations

from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.paygol import fields
from shared.families.paygol.auth import Caller
from shared.families.paygol.bodies import MethodsRequest
from shared.families.paygol.endpoint import endpoint
from shared.families.paygol.methods import listed, offered
from shared.families.paygol.problems import missing


@endpoint(
    "/api/v2/payment/methods", caller=Caller.TOKEN, summary="List the methods of a country", request=MethodsRequest
)
def handler(call: Call) -> Reply:
    given = call.body(MethodsRequest).given()
    if "pg_country" not in given:
        raise missing(["pg_country"])
    methods = offered(call.credential.account, fields.country(given["pg_country"]))
    return Reply({"result": 0, "methods": {each.code: listed(each, call.request.pages_origin) for each in methods}})
