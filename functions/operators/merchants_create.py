"""POST /api/operator/merchants: make a merchant, and mail it the link that shows its keys once."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from shared.bootstrap import core, runtime
from shared.domain import forms, ids
from shared.domain.errors import Conflict
from shared.domain.ids import MerchantId
from shared.domain.payment import Environment
from shared.edge.call import Call
from shared.edge.fields import NoCardNumber
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.fields import Email
from shared.families.payglobe.operators import desk, invited
from shared.usecases.merchant.create_merchant import MOST_NAME, create_merchant, new_service

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_NAME), NoCardNumber]


class NewMerchantRequest(BaseModel):
    name: Name = Field(description="As its customers read it", examples=["Bottega Uno"])
    email: Email = Field(description="Where the link that shows its keys goes", examples=["owner@shop.example"])
    language: Annotated[str, StringConstraints(pattern=forms.LANGUAGE)] = Field(
        default="en", description="Of the mail, such as it"
    )


@endpoint(
    "POST",
    "/api/operator/merchants",
    beside=("GET",),
    caller=Caller.OPERATOR,
    summary="Make a merchant and mail it a link, valid for 72 hours, that shows its keys once",
    request=NewMerchantRequest,
    idempotent=True,
    problems=(409,),
    success=(201,),
    shown_once=frozenset({"link"}),
)
def handler(call: Call) -> Reply:
    body = call.body(NewMerchantRequest)
    merchant_id = MerchantId(f"m_{ids.base32(call.once.seed[:10]).lower()}")
    office = desk(call)
    try:
        create_merchant(
            body.name,
            merchants=core.merchants(),
            now=runtime.now,
            entropy=runtime.entropy,
            merchant_id=merchant_id,
            services=tuple(new_service("paygol", each, runtime.now, runtime.entropy) for each in Environment),
            email=body.email,
            keyless=True,
            by=office.who,
        )
    except Conflict as error:
        # A call before this one may have come that far, under the same Idempotency-Key.
        if error.error_code == "merchant_exists" or not call.once.repeated:
            raise
    return Reply(invited(call, merchant_id, body.language), 201)
