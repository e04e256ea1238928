"""POST /api/pay-direct/{id}/cancel: the customer leaves."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.paygol.checkout import shown
from shared.families.paygol.doors import page_door
from shared.families.paygol.transactions import find_transaction
from shared.usecases.payment.end_checkout import cancel_checkout


@page_door("POST", "/api/pay-direct/{id}/cancel", summary="Cancel a transaction", problems=(409,))
def handler(call: Call) -> Reply:
    call.about = payment = find_transaction(call.path("id"))
    return Reply(shown(cancel_checkout(payment, world=core.world())))
