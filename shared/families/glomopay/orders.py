"""What the order endpoints share: the caller's own order, what is asked for one, and how one is shown."""

from __future__ import annotations

import calendar
import json
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from shared.bootstrap import core
from shared.domain import ids as forms
from shared.domain.errors import NotFound
from shared.domain.event import OrderFacts
from shared.domain.ids import OrderId
from shared.domain.merchant import Credential
from shared.domain.order import Order, OrderStatus
from shared.domain.payment import Payment
from shared.edge.call import Call
from shared.edge.ownership import check_owner
from shared.families.glomopay import ids
from shared.families.glomopay.times import iso

FAMILY: Final = "glomopay"
COUNTRY: Final = "country"  # the customer's
ASKED: Final = "asked"  # what a merchant said of an order, as it is echoed
_UNKNOWN: Final = "Order not found"


class Status(StrEnum):
    """Every status that callers know; those that only a compliance desk gives are never reached."""

    ACTIVE = "active"
    PAID = "paid"
    EXPIRED = "expired"
    FAILED = "failed"
    ACTION_REQUIRED = "action_required"
    UNDER_REVIEW = "under_review"
    CANCELLED = "cancelled"


RECORDED: Final = {
    Status.ACTIVE: OrderStatus.ACTIVE,
    Status.PAID: OrderStatus.PAID,
    Status.EXPIRED: OrderStatus.EXPIRED,
}
_SHOWN: Final = {recorded: shown for shown, recorded in RECORDED.items()}


def own_order(call: Call) -> Order:
    """The order named in the path, if it is the caller's. Raises InvalidRequest, NotFound."""
    return order_of(ids.named(call, ids.ORDER), call.credential)


def order_of(order_id: str, credential: Credential) -> Order:
    """The caller's order of this id. Raises NotFound."""
    try:
        if not forms.is_id(order_id):
            raise NotFound(_UNKNOWN)
        order = core.orders().get(OrderId(order_id))
        check_owner(order, credential, "order")
    except NotFound:
        raise NotFound(_UNKNOWN) from None
    return order


def months_after(moment: datetime, months: int) -> datetime:
    """The same day of a later month, or that month's last."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def asked(order: Order | OrderFacts) -> dict[str, Any]:
    """What the merchant said of it, by the names that it is echoed under."""
    found: dict[str, Any] = json.loads(order.family_data.get(ASKED, "{}"))
    return found


def shown_order(order: Order, now: datetime, payment: Payment | None = None) -> dict[str, object]:
    """The reply of ``GET /orders/{id}``; ``payment`` is the order's present try, where it was read."""
    return order_view(order, order.status_at(now, payment))


def order_view(order: Order | OrderFacts, status: OrderStatus) -> dict[str, object]:
    return {
        "id": order.id,
        "status": _SHOWN[status].value,
        "customer_id": order.customer_id,
        "amount": order.amount.minor,
        "currency": order.amount.currency,
        "request_id": order.reference or None,
        **asked(order),
        "expires_at": iso(order.expires_at),
        "created_at": iso(order.created_at),
        "updated_at": iso(order.updated_at),
    }
