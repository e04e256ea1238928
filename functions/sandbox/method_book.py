"""GET /api/sandbox/methods/{id}: the sandbox method provider's own books of one payment."""

from __future__ import annotations

from shared.bootstrap import sandbox
from shared.domain.errors import NotFound
from shared.domain.ids import PaymentId
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.sandbox import calls_in_major, check_own_book, in_major


@endpoint(
    "GET",
    "/api/sandbox/methods/{id}",
    caller=Caller.SECRET_KEY,
    summary="What the sandbox method provider did: amounts, and every call received in order",
)
def handler(call: Call) -> Reply:
    book = sandbox.sandbox_counter().book(PaymentId(call.path("id")))
    if "number" not in book:
        raise NotFound("there is no such record in your sandbox")
    check_own_book(call, book["merchantId"], book["environment"])
    currency = book["currency"]
    return Reply(
        {
            "method": book["method"],
            "amount": in_major(book["amount"], currency),
            "paid": in_major(sum(minor for _, minor in book["receipts"]), currency),
            "refunded": in_major(book["refunded"], currency),
            "currency": currency,
            "calls": calls_in_major(book["calls"], currency),
        }
    )
