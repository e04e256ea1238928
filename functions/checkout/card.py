"""GET /checkout/card/{transactionId}: on to the page on which the customer enters a card, wherever that is."""

from __future__ import annotations

from shared.bootstrap import core
from shared.domain.ids import PaymentId
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.going_on import on_to, takes_card_now, without_secret
from shared.usecases.payment.card_page import page_to_pay_on


@endpoint(
    "GET",
    "/checkout/card/{transactionId}",
    caller=Caller.ANYONE,
    summary="On to the card page: the one that takes a card now, or the next when that is spent",
    query={"paymentID": "The page's number, for whoever reads it in the address; any will do"},
    success=(303,),
    problems=(409, 429),
    reply_type="text/plain",
)
def handler(call: Call) -> Reply:
    call.about = payment = core.payments().get(PaymentId(call.path("transactionId")))
    payment = page_to_pay_on(payment, world=core.world())
    if not takes_card_now(payment):
        return on_to(without_secret(payment))
    page = payment.card_page
    return on_to(page.url if page is not None and page.url else payment.redirect_url)
