"""POST /sandbox/card-page/{paymentID}/ask: the page of a customer whose bank is undecided asks again."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.sandbox import page_payment, page_view
from shared.families.payglobe.visitors import visitor_of
from shared.usecases.payment.record_card_outcome import ask_while_checked


@endpoint(
    "POST",
    "/sandbox/card-page/{paymentID}/ask",
    caller=Caller.ANYONE,
    summary="Ask again about a card that is being checked, and show what the hosted card page of the sandbox shows",
    visitor=True,
)
def handler(call: Call) -> Reply:
    payment = ask_while_checked(page_payment(call), world=core.world())
    return Reply(page_view(payment, visitor_of(call)))
