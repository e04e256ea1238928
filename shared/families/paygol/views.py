"""A payment as Paygol's clients read it: every key there, every value a text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from shared.domain.method import Payer
from shared.domain.payment import Payment, Status
from shared.families.paygol.statuses import status_of

_PAID: Final = frozenset({Status.SUCCESS, Status.PARTIALLY_REFUNDED, Status.REFUNDED})


def created(payment: Payment) -> dict[str, object]:
    """``data`` of a new transaction."""
    own = payment.family_data
    return {
        "service_id": own["service_id"],
        "transaction_id": payment.id,
        "status": status_of(payment).value,
        "payment_method": payment.method,
        "amount": str(payment.amount.major),
        "currency": payment.amount.currency,
        "payment_method_url": pay_url(payment),
        "custom": payment.reference,
        "customer": customer(payment),
        "redirect_urls": {"success_url": own.get("return_url", ""), "cancel_url": own.get("cancel_url", "")},
    }


def told(payment: Payment) -> dict[str, object]:
    """``payment`` of the status call."""
    completed = payment.completed_at if payment.status in _PAID else None
    return {
        "service_id": payment.family_data["service_id"],
        "transaction_id": payment.id,
        "status": status_of(payment).value,
        "payment_method": payment.method,
        "amount": str(payment.amount.major),
        "currency": payment.amount.currency,
        "created_at": stamp(payment.created_at),
        "completed_at": stamp(completed) if completed else None,
        "custom": payment.reference,
        "customer": customer(payment),
    }


def customer(payment: Payment) -> dict[str, str]:
    payer = payment.payer or Payer()
    return {
        "first_name": payer.first_name,
        "last_name": payer.last_name,
        "email": payment.email or "",
        "phone": payer.phone,
        "personal_id": payer.personal_id,
        "country": payer.country,
    }


def stamp(moment: datetime) -> str:
    """UTC, without saying so."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def pay_url(payment: Payment) -> str:
    return f"{payment.pages_origin}/paymentgw/api/pay-direct/{payment.id}"


def about(payment: Payment, *, full: bool) -> dict[str, object]:
    """What the merchant's own view of a payment has of its transaction; ``full`` for a secret key alone."""
    short: dict[str, object] = {"method": payment.method, "status": status_of(payment).value}
    if not full:
        return short
    own = payment.family_data
    return {
        **short,
        "service_id": own["service_id"],
        "country": payment.payer.country if payment.payer else "",
        "custom": payment.reference,
        "name": payment.description,
        "via": own["origin"],
        "sub_merchant_id": own.get("sub_merchant_id", ""),
        "sub_merchant_url": own.get("sub_merchant_url", ""),
        "customer": customer(payment),
    }
