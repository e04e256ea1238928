"""POST and GET /api/v2/payment/create: a transaction of one method, with everything it needs."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.paygol.auth import Caller
from shared.families.paygol.bodies import CreateRequest
from shared.families.paygol.endpoint import endpoint
from shared.families.paygol.orders import AMOUNT, COUNTRY, METHOD, new_payment, wanted
from shared.families.paygol.views import created
from shared.usecases.payment.start_payment import start_payment


@endpoint("/api/v2/payment/create", caller=Caller.TOKEN, summary="Create a transaction", request=CreateRequest)
def handler(call: Call) -> Reply:
    """No key makes two calls one here: the same call again makes another transaction."""
    body = call.body(CreateRequest)
    asked = wanted(body.given(), mandatory=(*AMOUNT, COUNTRY, METHOD), whole=True)
    caller = call.credential
    order = new_payment(asked, caller.account, body.service_id, origin="api", pages_origin=call.request.pages_origin)
    payment = start_payment(order, caller, world=core.world(), seed=call.once.seed).payment
    return Reply({"result": 0, "data": created(payment)})
