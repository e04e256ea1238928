"""POST /checkout/ask/{transactionId}: has the gateway asked what became of a card, for the page that waits for it."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.payments import owned_payment
from shared.usecases.payment.ask_open import ask_open


@endpoint(
    "POST",
    "/checkout/ask/{transactionId}",
    caller=Caller.KEY_OR_CLIENT_SECRET,
    summary="Have the gateway asked about what is open, at most once in three seconds",
)
def handler(call: Call) -> Reply:
    payment = owned_payment(call)
    world = core.world()
    if core.bells().first(payment.id, world.now()):
        payment = ask_open(payment, world=world)
    return Reply({"success": True, "transactionId": payment.id, "status": payment.status.value})
