"""PATCH /api/v1/customer/{id}: change how a customer is reached."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from shared.bootstrap import core
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.customers import own_customer, shown_customer
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.fields import Email, Phone
from shared.usecases.customer.keep_customer import reach_customer


class UpdateCustomerRequest(BaseModel):
    """Nothing else of a customer can be changed: a field more is a mistake, and not left out in silence."""

    model_config = ConfigDict(extra="forbid")

    email: Email | None = Field(default=None, examples=["ada@example.com"])
    phone: Phone | None = None


@endpoint(
    "PATCH",
    "/api/v1/customer/{id}",
    caller=Caller.SECRET_KEY,
    summary="Change a customer's e-mail address and telephone number",
    request=UpdateCustomerRequest,
)
def handler(call: Call) -> Reply:
    customer = own_customer(call)
    body = call.body(UpdateCustomerRequest)
    changed = reach_customer(
        customer, email=body.email, phone=body.phone, world=core.world(), customers=core.customers()
    )
    return Reply(shown_customer(changed))
