"""POST /api/token-payment/save-card: keep the card of a payment for the next ones."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from shared.bootstrap import core
from shared.domain.ids import PaymentId
from shared.edge.call import Call
from shared.edge.fields import NoCardNumber
from shared.edge.ownership import check_owner
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.fields import CustomerId, Text
from shared.usecases.card.save_card import save_card


class SaveCardRequest(BaseModel):
    transactionId: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), NoCardNumber]
    customerId: CustomerId = Field(
        min_length=1, description="Your own id of the customer, who has agreed that the card is kept"
    )
    gateway: Text | None = Field(
        default=None,
        examples=["IGFS"],
        description="The payment's, which is also what it is when absent. In test the sandbox stands in for IGFS, "
        "SHIFT4, STRIPE, NEXI, WORLDLINE and PAYPAL, and replies name the one asked for",
    )


@endpoint(
    "POST",
    "/api/token-payment/save-card",
    caller=Caller.SECRET_KEY,
    summary="Save the card of a successful SALE_WITH_TOKENIZATION, with the customer's consent",
    request=SaveCardRequest,
    problems=(404,),
    idempotent=True,
)
def handler(call: Call) -> Reply:
    body = call.body(SaveCardRequest)
    payment = core.payments().get(PaymentId(body.transactionId))
    check_owner(payment, call.credential, "payment")
    card, wallet = save_card(
        payment,
        body.customerId,
        body.gateway,
        world=core.world(),
        cards=core.cards(),
        vault=core.vault(),
    )
    return Reply(
        {
            "success": True,
            "cardId": card.number,
            "alias": card.alias,
            "brand": card.brand,
            "last4": card.last4,
            "isDefault": wallet.is_default(card),
        }
    )
