"""POST /api/token-payment/cards/{cardId}/set-default: which card is offered first."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.cards import holder, named_card, named_customer
from shared.families.payglobe.endpoint import endpoint
from shared.usecases.card.change_wallet import set_default


@endpoint(
    "POST",
    "/api/token-payment/cards/{cardId}/set-default",
    caller=Caller.SECRET_KEY,
    summary="Make a card its customer's default",
    query={"customerId": "Your own id of the customer; required"},
    idempotent=True,
)
def handler(call: Call) -> Reply:
    card = set_default(named_card(call), named_customer(call), holder(call), world=core.world(), cards=core.cards())
    return Reply({"success": True, "cardId": card.number, "alias": card.alias, "isDefault": True})
