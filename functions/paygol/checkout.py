"""GET /api/pay-direct/{id}/checkout: what the page of a transaction shows."""

from __future__ import annotations

from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.paygol.checkout import shown
from shared.families.paygol.doors import page_door
from shared.families.paygol.transactions import find_transaction


@page_door("GET", "/api/pay-direct/{id}/checkout", summary="Read what a transaction's page shows")
def handler(call: Call) -> Reply:
    call.about = payment = find_transaction(call.path("id"))
    return Reply(shown(payment))
