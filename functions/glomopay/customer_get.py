"""GET /api/v1/customer/{id}: one customer."""

from __future__ import annotations

from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.customers import own_customer, shown_customer
from shared.families.glomopay.endpoint import endpoint


@endpoint("GET", "/api/v1/customer/{id}", beside=("PATCH",), caller=Caller.SECRET_KEY, summary="Read a customer")
def handler(call: Call) -> Reply:
    return Reply(shown_customer(own_customer(call)))
