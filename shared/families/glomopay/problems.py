"""Glomopay's error bodies, and the statuses that its callers expect where they are not the usual ones."""

from __future__ import annotations

from typing import Final

from shared.domain.errors import Conflict, GatewayError, InProgress, InvalidRequest, StaleWrite, TooManyRequests
from shared.edge.problems import status_of
from shared.edge.request import Reply

# Fixed here: libraries name some of them differently from one version to the next.
PHRASES: Final = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Payload Too Large",
    422: "Unprocessable Entity",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


class WrongCode(InvalidRequest):
    """The code was not the bank's; it may be entered ``attempts_left`` times more."""

    code = "WRONG_OTP"

    def __init__(self, attempts_left: int) -> None:
        super().__init__("The code is not right")
        self.attempts_left = attempts_left


# What callers of this family know some refusals by, word for word.
WORDS: Final = {
    "email_taken": "Validation failed: Email has already been taken",
    "order_busy": "The order has an existing in progress payment",
    "order_expired": "The order has expired",
    "order_reference_taken": "Order already exists for this request_id",
    "payment_reference_taken": "Payment already exists for this request_id",
    "order_paid": "The order has already been paid",
    "refund_in_progress": "Refund is being processed",
    "refund_reference_taken": "Refund already exists for this request_id",
    "not_a_test_card": "Card is not a valid test card",
}
CODES: Final = {"not_a_test_card": "INVALID_CARD_NUMBER", "card_expired": "CARD_EXPIRED"}


def reply(error: GatewayError) -> Reply:
    """What the caller of a Glomopay endpoint gets for ``error``; 401 and 429 are told by their message alone."""
    status, message = told_as(error), WORDS.get(error.error_code, str(error))
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooManyRequests) else {}
    phrase = PHRASES.get(status)
    if phrase is None:
        return Reply({"message": message}, status, headers)
    code = CODES.get(error.error_code, error.error_code)
    return Reply({"error": phrase, "message": message, "code": code, **_more(error)}, status, headers)


def _more(error: GatewayError) -> dict[str, object]:
    """What some refusals say beside their message."""
    from shared.domain.order import OrderBusy  # what succeeds, and is about no order, never loads it

    if isinstance(error, OrderBusy):
        return {"payment_id": error.payment_id}
    if isinstance(error, WrongCode):
        return {"attempts_left": error.attempts_left}
    return {}


def told_as(error: GatewayError) -> int:
    """What an object's state does not allow is a 400; only what is being done at this moment is a conflict."""
    if isinstance(error, Conflict) and not isinstance(error, InProgress | StaleWrite):
        return 400
    return status_of(error)
