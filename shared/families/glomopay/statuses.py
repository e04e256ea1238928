"""Glomopay's words for how a payment stands and why it failed."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from shared.domain.decline import Decline
from shared.domain.payment import FINAL, PAID, Failure, Status
from shared.domain.refund import RefundStatus
from shared.domain.statuses import LinkStatus, OrderStatus

PENDING: Final = "pending"  # of a payment that was just made, and on the page of its customer


class PaymentStatus(StrEnum):
    """Every status that callers know; ``action_required`` is never reached."""

    IN_PROGRESS = "in_progress"
    SUCCESS = "success"
    FAILED = "failed"
    ACTION_REQUIRED = "action_required"


RECORDED: Final = {
    PaymentStatus.IN_PROGRESS: frozenset(Status) - FINAL,
    PaymentStatus.SUCCESS: PAID,
    PaymentStatus.FAILED: FINAL - PAID,
}


class OrderWord(StrEnum):
    """Every status of an order that callers know; those that only a compliance desk gives are never reached."""

    ACTIVE = "active"
    PAID = "paid"
    EXPIRED = "expired"
    FAILED = "failed"
    ACTION_REQUIRED = "action_required"
    UNDER_REVIEW = "under_review"
    CANCELLED = "cancelled"


class LinkWord(StrEnum):
    ACTIVE = "active"
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


LINKS: Final = {
    LinkStatus.PENDING: LinkWord.ACTIVE,
    LinkStatus.PAID: LinkWord.PAID,
    LinkStatus.EXPIRED: LinkWord.EXPIRED,
    LinkStatus.CANCELLED: LinkWord.CANCELLED,
}
ORDERS: Final = {
    OrderStatus.ACTIVE: OrderWord.ACTIVE,
    OrderStatus.PAID: OrderWord.PAID,
    OrderStatus.EXPIRED: OrderWord.EXPIRED,
}
REFUNDS: Final = {
    RefundStatus.PENDING: "in_progress",
    RefundStatus.SUCCESS: "success",
    RefundStatus.FAILED: "failed",
}
_CODES: Final = {
    Decline.INSUFFICIENT_FUNDS.value: "INSUFFICIENT_BALANCE",
    Decline.CARD_EXPIRED.value: "CARD_EXPIRED",
    Decline.CARD_NOT_SUPPORTED.value: "CARD_NOT_SUPPORTED_ON_3DS",
    Decline.AUTHENTICATION_FAILED.value: "AUTHENTICATION_FAILED",
    "cancelled": "PAYMENT_CANCELLED",
    "expired": "PAYMENT_EXPIRED",
    "late_payment": "PAYMENT_EXPIRED",
}
_FOR_THE_MERCHANT: Final = {
    "PAYMENT_DECLINED": "The card's bank declined the payment",
    "INSUFFICIENT_BALANCE": "The card has insufficient funds",
    "CARD_EXPIRED": "The card has expired",
    "CARD_NOT_SUPPORTED_ON_3DS": "The card cannot be used for this payment",
    "AUTHENTICATION_FAILED": "The customer did not enter the right code",
    "PAYMENT_CANCELLED": "The payment was cancelled",
    "PAYMENT_EXPIRED": "The customer did not complete the payment in time",
}
_FOR_THE_CUSTOMER: Final = {
    "PAYMENT_DECLINED": "Your bank declined the payment. Please try another card.",
    "INSUFFICIENT_BALANCE": "There is not enough money on this card. Please try another card.",
    "CARD_EXPIRED": "This card has expired. Please try another card.",
    "CARD_NOT_SUPPORTED_ON_3DS": "This card cannot be used for this payment. Please try another card.",
    "AUTHENTICATION_FAILED": "The code was not right. Please try again.",
    "PAYMENT_CANCELLED": "The payment was cancelled.",
    "PAYMENT_EXPIRED": "The time to pay was over. Please try again.",
}


def shown_status(status: Status) -> PaymentStatus:
    return next(shown for shown, recorded in RECORDED.items() if status in recorded)


def failure_fields(status: Status, failure: Failure | None) -> dict[str, str | None]:
    """``error_code`` with a text for the merchant and a sentence for the customer; null but for what failed."""
    if shown_status(status) is not PaymentStatus.FAILED:
        return {"error_code": None, "error_description": None, "customer_error_description": None}
    code = _CODES.get(failure.code if failure else "", "PAYMENT_DECLINED")
    return {
        "error_code": code,
        "error_description": _FOR_THE_MERCHANT[code],
        "customer_error_description": _FOR_THE_CUSTOMER[code],
    }
