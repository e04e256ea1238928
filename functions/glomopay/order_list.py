"""GET /api/v1/orders: the merchant's orders, newest first."""

from __future__ import annotations

from shared.bootstrap import records, runtime
from shared.domain.errors import InvalidRequest
from shared.domain.ids import CustomerId
from shared.domain.order import Order
from shared.edge.call import Call
from shared.edge.paging import NUMBERED, numbered_page, page_meta
from shared.edge.request import Reply
from shared.families.glomopay import ids
from shared.families.glomopay.auth import Caller
from shared.families.glomopay.endpoint import endpoint
from shared.families.glomopay.orders import RECORDED, order_of, shown_order
from shared.families.glomopay.statuses import OrderWord
from shared.ports.numbered import Listed, NumberedPage
from shared.ports.orders import Numbered


@endpoint(
    "GET",
    "/api/v1/orders",
    caller=Caller.SECRET_KEY,
    summary="Your orders, newest first",
    query={
        "customer_id": "Only those for this customer",
        "status": ", ".join(OrderWord),
        "request_id": "The one with this number of yours",
        **NUMBERED,
    },
)
def handler(call: Call) -> Reply:
    page, now = numbered_page(call), runtime.now()
    found = _found(call, page)
    shown = [shown_order(order, now) for order in found.items]
    return Reply({"data": shown, "page_meta": page_meta(page, found.count)})


def _found(call: Call, page: NumberedPage) -> Listed[Order]:
    caller, status = call.credential, _status(call)
    customer_id, reference = ids.asked_for(call, "customer_id", ids.CUSTOMER), call.query("request_id")
    if status is not None and status not in RECORDED:
        return Listed([], 0)  # nothing ever comes to this status
    if reference is not None:
        return _of_reference(call, page, reference, customer_id, status)
    return records.orders().of_merchant(
        caller.merchant.id,
        caller.environment,
        page,
        runtime.now(),
        customer_id=None if customer_id is None else CustomerId(customer_id),
        status=None if status is None else RECORDED[status],
    )


def _of_reference(
    call: Call, page: NumberedPage, reference: str, customer_id: str | None, status: OrderWord | None
) -> Listed[Order]:
    caller, now = call.credential, runtime.now()
    named = records.orders().by_reference(caller.merchant.id, caller.environment, Numbered.ORDER, reference)
    found = [] if named is None else [order_of(named, caller)]
    wanted = [
        order
        for order in found
        if customer_id in (None, order.customer_id) and (status is None or RECORDED[status] is order.status_at(now))
    ]
    return page.of(wanted)


def _status(call: Call) -> OrderWord | None:
    text = call.query("status")
    if text is None:
        return None
    try:
        return OrderWord(text)
    except ValueError:
        raise InvalidRequest(f"status is one of {', '.join(OrderWord)}") from None
