"""POST /api/v1/orders: an amount that a customer is to pay."""

from __future__ import annotations

from shared.bootstrap import records, runtime
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.bodies import OrderFor, ToBePaid
from shared.families.glomopay.customers import customer_of
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.fields import RequestId
from shared.families.glomopay.orders import shown_order
from shared.families.glomopay.views import FAMILY
from shared.usecases.order.create_order import NewOrder, create_order

LASTS_MONTHS = 3


class CreateOrderRequest(ToBePaid, defer_build=False):
    """``expires_at`` is at most three months ahead, which is the default."""

    request_id: RequestId | None = None


@endpoint(
    "POST",
    "/api/v1/orders",
    beside=("GET",),
    caller=Caller.SECRET_KEY,
    summary="Create an order",
    request=CreateOrderRequest,
    success=(201,),
    problems=(403, 404, 422),
)
def handler(call: Call) -> Reply:
    customer = customer_of(call.body(OrderFor).customer_id, call.credential)
    body, now = call.body(CreateOrderRequest), runtime.now()
    asked = NewOrder(
        customer_id=customer.id,
        amount=body.money,
        expires_at=body.ends_at(now, LASTS_MONTHS),
        family=FAMILY,
        reference=body.request_id or "",
        family_data=body.kept(customer),
    )
    order = create_order(asked, call.credential, now=now, entropy=runtime.entropy, orders=records.orders())
    return Reply(shown_order(order, now), 201)
