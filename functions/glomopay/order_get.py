"""GET /api/v1/orders/{id}: how an order stands."""

from __future__ import annotations

from shared.bootstrap import core, runtime
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.orders import own_order, shown_order
from shared.usecases.order.settle_order import standing


@endpoint("GET", "/api/v1/orders/{id}", caller=Caller.SECRET_KEY, summary="Read an order")
def handler(call: Call) -> Reply:
    order, payment = standing(own_order(call), world=core.world(), orders=core.orders())
    return Reply(shown_order(order, runtime.now(), payment))
