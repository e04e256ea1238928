"""POST and GET /api/v2/payment/status: where a transaction of the service stands."""

from __future__ import annotations

from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.paygol.auth import Caller
from shared.families.paygol.bodies import StatusRequest
from shared.families.paygol.endpoint import endpoint
from shared.families.paygol.problems import missing
from shared.families.paygol.transactions import own_transaction
from shared.families.paygol.views import told


@endpoint("/api/v2/payment/status", caller=Caller.TOKEN, summary="Read a transaction", request=StatusRequest)
def handler(call: Call) -> Reply:
    given = call.body(StatusRequest).given()
    number = given.get("transaction_id") or given.get("pg_transaction_id")
    if not number:
        raise missing(["transaction_id"])
    return Reply({"result": 0, "payment": told(own_transaction(number, call))})
