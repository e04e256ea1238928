"""GET /checkout/return/{transactionId}/{token}: the browser is back from an acquirer's page."""

from __future__ import annotations

from shared.bootstrap import core
from shared.domain.errors import NotFound
from shared.domain.ids import PaymentId
from shared.domain.visitor import Visitor
from shared.edge.bearer import opens
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.going_on import after_card, on_to, takes_card_now
from shared.usecases.payment.open_page import LEFT
from shared.usecases.payment.record_card_outcome import record_card_outcome


@endpoint(
    "GET",
    "/checkout/return/{transactionId}/{token}",
    caller=Caller.KNOWS_ADDRESS,
    summary="Back from an acquirer's page: the gateway is asked, nothing else is believed, and the browser goes on",
    query={LEFT: "The customer left the page without paying: it is closed, unless a card was accepted there"},
    success=(303,),
    reply_type="text/plain",
)
def handler(call: Call) -> Reply:
    payment = core.payments().get(PaymentId(call.path("transactionId")))
    secret = Visitor(call.path("token")).secret(payment.id)
    if not opens(secret, payment):
        raise NotFound("there is no such payment")
    call.about = payment
    payment = record_card_outcome(payment.id, world=core.world(), known=payment)
    if call.request.queries.get(LEFT) and takes_card_now(payment):
        from shared.usecases.payment.end_checkout import cancel_checkout

        payment = cancel_checkout(payment, world=core.world())
    return on_to(after_card(payment, secret))
