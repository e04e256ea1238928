"""GET /api/sandbox/payments/{paymentID}: the sandbox gateway's own books of one payment."""

from __future__ import annotations

from shared.bootstrap import sandbox
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.sandbox import AMOUNTS, calls_in_major, check_own_book, in_major


@endpoint(
    "GET",
    "/api/sandbox/payments/{paymentID}",
    caller=Caller.SECRET_KEY,
    summary="What the sandbox card gateway did: amounts, and every call received in order",
)
def handler(call: Call) -> Reply:
    book = sandbox.sandbox_page().book(call.path("paymentID"))
    check_own_book(call, book["merchantId"], book["environment"])
    currency = book["currency"]
    view: dict[str, object] = {name: in_major(book[name], currency) for name in AMOUNTS}
    view |= {
        "paymentId": call.path("paymentID"),
        "transactionId": book["paymentId"],
        "amount": in_major(book["amount"], currency),
        "currency": currency,
        "state": book["state"],
        "calls": calls_in_major(book["calls"], currency),
    }
    return Reply(view)
