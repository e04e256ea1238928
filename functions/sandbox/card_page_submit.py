"""POST /sandbox/card-page/{paymentID}: the customer submits a test card."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from shared import bootstrap
from shared.edge.auth import Caller
from shared.edge.call import Call, Reply
from shared.edge.fields import Text
from shared.edge.http import endpoint
from shared.edge.sandbox import card_reply, check_takes_card, judged, page_payment, paying_visitor


class CardRequest(BaseModel):
    number: Annotated[SecretStr, Field(min_length=12, max_length=23)]
    holderName: Text = ""
    expiryMonth: Annotated[int, Field(ge=1, le=12)]
    expiryYear: Annotated[int, Field(ge=0, le=2099)]
    cvv: Annotated[SecretStr, Field(min_length=3, max_length=4)]


@endpoint(
    "POST",
    "/sandbox/card-page/{paymentID}",
    caller=Caller.ANYONE,
    summary="Submit a test card on the hosted page of the sandbox",
    visitor=True,
    request=CardRequest,
)
def handler(call: Call) -> Reply:
    payment = page_payment(call)
    check_takes_card(payment)
    body = call.body(CardRequest)
    card = bootstrap.test_card(
        number=body.number.get_secret_value().replace(" ", "").replace("-", ""),
        holder_name=body.holderName,
        expiry_month=body.expiryMonth,
        expiry_year=body.expiryYear,
        cvv=body.cvv.get_secret_value(),
    )
    visitor = paying_visitor(call)
    outcome = judged(payment, lambda: bootstrap.sandbox_page().submit(payment.page_id, card, visitor))
    return card_reply(payment, outcome, visitor)
