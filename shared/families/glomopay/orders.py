"""What the order endpoints share: the caller's own order, what is asked for one, and how one is shown."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from shared.bootstrap import records
from shared.domain import ids as forms
from shared.domain.errors import NotFound
from shared.domain.ids import OrderId
from shared.domain.merchant import Credential
from shared.domain.order import Order
from shared.domain.payment import Payment
from shared.edge.call import Call
from shared.edge.ownership import check_owner
from shared.families.glomopay import ids
from shared.families.glomopay.statuses import ORDERS
from shared.families.glomopay.views import order_view

_UNKNOWN: Final = "Order not found"


RECORDED: Final = {word: status for status, word in ORDERS.items()}


def own_order(call: Call) -> Order:
    """The order named in the path, if it is the caller's. Raises InvalidRequest, NotFound."""
    return order_of(ids.named(call, ids.ORDER), call.credential)


def order_of(order_id: str, credential: Credential) -> Order:
    """The caller's order of this id. Raises NotFound."""
    try:
        if not forms.is_id(order_id):
            raise NotFound(_UNKNOWN)
        order = records.orders().get(OrderId(order_id))
        check_owner(order, credential, "order")
    except NotFound:
        raise NotFound(_UNKNOWN) from None
    return order


def shown_order(order: Order, now: datetime, payment: Payment | None = None) -> dict[str, object]:
    """The reply of ``GET /orders/{id}``; ``payment`` is the order's present try, where it was read."""
    return order_view(order, order.status_at(now, payment))
