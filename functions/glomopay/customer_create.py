"""POST /api/v1/customer: describe a customer, for whom orders are made."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from shared.bootstrap import records, runtime
from shared.domain import forms
from shared.domain.customer import CustomerType
from shared.edge.call import Call
from shared.edge.fields import Masked, NoLongNumber
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.customers import shown_customer
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.fields import Country, Email, Phone, Text
from shared.usecases.customer.keep_customer import NewCustomer, create_customer

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=128, pattern=forms.PERSON_NAME),
    Masked,
]
Pincode = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16), NoLongNumber]


def _born(text: str) -> str:
    for form, written in (("%d-%m-%Y", r"\d{2}-\d{2}-\d{4}"), ("%Y-%m-%d", r"\d{4}-\d{2}-\d{2}")):
        if re.fullmatch(written, text, re.ASCII):
            with suppress(ValueError):
                if datetime.strptime(text, form).date() < runtime.now().date():  # noqa: DTZ007 - a day, not a moment
                    return text
    raise ValueError("must be a day in the past, as DD-MM-YYYY or YYYY-MM-DD")


class CreateCustomerRequest(BaseModel):
    name: Name = Field(examples=["John Doe"])
    customer_type: CustomerType = Field(examples=["individual"])
    email: Email = Field(examples=["john@example.com"])
    address: Text = Field(examples=["1 Main Street"])
    city: Text = Field(examples=["Mumbai"])
    state: Text = Field(examples=["Maharashtra"])
    country: Country = Field(examples=["IND"], description="ISO 3166 alpha-3, in any letter case")
    pincode: Pincode | None = None
    phone: Phone | None = Field(default=None, examples=["+91-9023456789"])
    dob: Annotated[str, AfterValidator(_born)] | None = Field(
        default=None, description="DD-MM-YYYY or YYYY-MM-DD, in the past"
    )
    nationality: Country | None = None


@endpoint(
    "POST",
    "/api/v1/customer",
    beside=("GET",),
    caller=Caller.SECRET_KEY,
    summary="Create a customer",
    request=CreateCustomerRequest,
    success=(201,),
    problems=(403,),
)
def handler(call: Call) -> Reply:
    body = call.body(CreateCustomerRequest)
    asked = NewCustomer(
        type=body.customer_type,
        country=body.country,
        name=body.name,
        email=body.email,
        address=body.address,
        city=body.city,
        state=body.state,
        pincode=body.pincode,
        phone=body.phone,
        dob=body.dob,
        nationality=body.nationality,
    )
    customer = create_customer(
        asked, call.credential, customers=records.customers(), now=runtime.now, entropy=runtime.entropy
    )
    return Reply(shown_customer(customer), 201)
