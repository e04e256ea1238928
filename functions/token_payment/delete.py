"""DELETE /api/token-payment/cards/{cardId}: forget a card, here and at its gateway."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.cards import holder, named_card, optional_customer
from shared.families.payglobe.endpoint import endpoint
from shared.usecases.card.change_wallet import delete_card


@endpoint(
    "DELETE",
    "/api/token-payment/cards/{cardId}",
    caller=Caller.SECRET_KEY,
    summary="Delete a saved card; its token is deleted at the gateway too",
    query={"customerId": "When given, the card must be this customer's"},
)
def handler(call: Call) -> Reply:
    delete_card(
        named_card(call),
        optional_customer(call),
        holder(call),
        world=core.world(),
        cards=core.cards(),
        vault=core.vault(),
    )
    return Reply({"success": True, "message": "Card deleted successfully"})
