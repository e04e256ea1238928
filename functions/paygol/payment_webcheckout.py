"""POST and GET /api/v2/payment/webcheckout: a transaction whose page asks for what is missing."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.paygol.auth import Caller
from shared.families.paygol.bodies import CheckoutRequest
from shared.families.paygol.endpoint import endpoint
from shared.families.paygol.orders import AMOUNT, COUNTRY, new_payment, wanted
from shared.families.paygol.views import pay_url
from shared.usecases.payment.start_payment import start_payment


@endpoint("/api/v2/payment/webcheckout", caller=Caller.TOKEN, summary="Open a checkout", request=CheckoutRequest)
def handler(call: Call) -> Reply:
    body = call.body(CheckoutRequest)
    asked = wanted(body.given(), mandatory=(*AMOUNT, COUNTRY), whole=False)
    caller = call.credential
    order = new_payment(asked, caller.account, body.service_id, origin="api", pages_origin=call.request.pages_origin)
    payment = start_payment(order, caller, world=core.world(), seed=call.once.seed).payment
    return Reply({"result": 0, "data": {"redirectUrl": pay_url(payment), "transaction_id": payment.id}})
