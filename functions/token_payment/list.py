"""GET /api/token-payment/cards: a customer's saved cards."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.cards import holder, named_customer, shown_card
from shared.families.payglobe.endpoint import endpoint


@endpoint(
    "GET",
    "/api/token-payment/cards",
    caller=Caller.SECRET_KEY,
    summary="A customer's saved cards, oldest first",
    query={"customerId": "Your own id of the customer; required"},
)
def handler(call: Call) -> Reply:
    customer, mine = named_customer(call), holder(call)
    wallet = core.cards().wallet(mine.merchant_id, mine.environment, customer)
    shown = [shown_card(card, wallet) for card in wallet.cards]
    return Reply({"success": True, "customerId": customer, "cards": shown, "count": len(shown)})
