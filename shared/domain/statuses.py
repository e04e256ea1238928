"""Words of disputes, orders and links that events carry, so that who tells of them loads nothing else of theirs."""

from __future__ import annotations

from enum import StrEnum


class DisputeStatus(StrEnum):
    OPEN = "OPEN"
    EVIDENCE_REQUIRED = "EVIDENCE_REQUIRED"
    UNDER_REVIEW = "UNDER_REVIEW"
    CANCELLED = "CANCELLED"
    WON = "WON"
    LOST = "LOST"
    EXPIRED = "EXPIRED"


class Reason(StrEnum):
    FRAUDULENT = "FRAUDULENT"
    PRODUCT_NOT_RECEIVED = "PRODUCT_NOT_RECEIVED"
    PRODUCT_UNACCEPTABLE = "PRODUCT_UNACCEPTABLE"
    DUPLICATE = "DUPLICATE"
    SUBSCRIPTION_CANCELLED = "SUBSCRIPTION_CANCELLED"
    CREDIT_NOT_PROCESSED = "CREDIT_NOT_PROCESSED"
    GENERAL = "GENERAL"


class Source(StrEnum):
    """Whose word we have it from."""

    IGFS = "IGFS"
    STRIPE = "STRIPE"
    PAYPAL = "PAYPAL"
    SHIFT4 = "SHIFT4"
    SANDBOX = "SANDBOX"


class OrderStatus(StrEnum):
    ACTIVE = "ACTIVE"
    PAID = "PAID"
    EXPIRED = "EXPIRED"


class LinkStatus(StrEnum):
    PENDING = "PENDING"
    PAID = "PAID"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"
