"""GET /api/public/v1/order/{id}: what a browser or an app may know of an order it is to pay."""

from __future__ import annotations

from shared.bootstrap import records, runtime
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.orders import own_order, shown_order
from shared.families.glomopay.times import iso

SHOWN = ("id", "status", "amount", "currency", "payment_methods", "product")


@endpoint(
    "GET",
    "/api/public/v1/order/{id}",
    caller=Caller.ANY_KEY,
    summary="Read an order with a publishable key: nothing of its customer, notes or invoice",
    cors=True,
)
def handler(call: Call) -> Reply:
    order = own_order(call)
    # Looked up, never recorded: a publishable key writes nothing.
    payment = records.payments().get(order.attempt) if order.attempt else None
    view = shown_order(order, runtime.now(), payment)
    return Reply(
        {name: view[name] for name in SHOWN}
        | {
            "merchant_name": order.merchant_name,
            "orderType": "standard",
            "expires_at": iso(order.expires_at),
            "created_at": iso(order.created_at),
        }
    )
