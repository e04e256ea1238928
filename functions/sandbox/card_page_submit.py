"""POST /sandbox/card-page/{paymentID}: the customer submits a test card."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from shared.bootstrap import runtime, sandbox
from shared.domain import forms
from shared.domain.card_data import CardData
from shared.domain.consent import Consent
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.fields import Text
from shared.families.payglobe.sandbox import card_reply, check_takes_card, judged, page_payment
from shared.families.payglobe.visitors import paying_visitor


class SaveCardAnswer(BaseModel):
    given: bool
    text: Annotated[str, Field(pattern=forms.CONSENT_VERSION, description="Version of the words that were shown")]
    language: Annotated[str, Field(pattern=forms.LANGUAGE)]


class CardRequest(BaseModel):
    number: Annotated[SecretStr, Field(min_length=12, max_length=23)]
    holderName: Text = ""
    expiryMonth: Annotated[int, Field(ge=1, le=12)]
    expiryYear: Annotated[int, Field(ge=0, le=2099)]
    cvv: Annotated[SecretStr, Field(min_length=3, max_length=4)]
    saveCard: SaveCardAnswer | None = Field(
        default=None,
        description="What the customer said when the page asked to save the card; left out when it did not",
    )


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
    card = CardData(
        number=body.number.get_secret_value().replace(" ", "").replace("-", ""),
        holder_name=body.holderName,
        expiry_month=body.expiryMonth,
        expiry_year=body.expiryYear,
        cvv=body.cvv.get_secret_value(),
    )
    visitor = paying_visitor(call)
    said = body.saveCard
    consent = Consent(said.given, said.text, said.language, runtime.now()) if said else None
    outcome = judged(payment, lambda: sandbox.sandbox_page().submit(payment.page_id, card, visitor, consent))
    return card_reply(payment, outcome, visitor)
