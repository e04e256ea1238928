"""PayGlobe's words for a payment, wherever it is shown: lists, details and notices."""

from __future__ import annotations

from datetime import UTC, datetime

from shared.domain.money import Money
from shared.domain.payment import Mode, Payment


def iso(moment: datetime | None) -> str | None:
    """``2025-11-07T10:00:00Z``, the format of the guide's webhook examples."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def payment_method(mode: Mode, card_part: Money, spent: Money) -> str:
    """Which tenders pay: the card's part and what vouchers paid; OTHER for what is by neither."""
    if mode is Mode.ALTERNATIVE:
        return "OTHER"
    if not spent:
        return "CARD_ONLY"
    return "CARD_AND_VOUCHER" if card_part else "VOUCHER_ONLY"


def listed(payment: Payment) -> dict[str, object]:
    """A payment in a list: what one looks for it by."""
    card = payment.card
    return {
        "transactionId": payment.id,
        "status": payment.status.value,
        "totalAmount": payment.amount.major,
        "currency": payment.amount.currency,
        "cardAmount": payment.to_capture.major,
        "voucherAmount": payment.spent.major,
        "disputedAmount": Money(payment.disputed, payment.amount.currency).major,
        "description": payment.description,
        "merchantName": payment.merchant_name,
        "customerId": payment.customer_id,
        "linkId": payment.link_id,
        "attention": payment.attention,
        "refundedAmount": Money(payment.refunded, payment.amount.currency).major,
        "customerEmail": payment.email,
        "card": card and {"brand": card.brand, "last4": card.last4},
        "method": payment.method or None,
        "reference": payment.reference or None,
        "orderId": payment.order_id,
        "gateway": payment.called,
        "family": payment.family,
        "createdAt": iso(payment.created_at),
        "completedAt": iso(payment.completed_at),
    }
