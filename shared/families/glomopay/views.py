"""How Glomopay's objects are shown: functions of facts, for replies and notices alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from shared.domain.card import Card
from shared.domain.event import LinkFacts, OrderFacts, PaymentFacts, RefundFacts
from shared.domain.refund import Refund
from shared.domain.statuses import OrderStatus
from shared.families.glomopay.statuses import (
    LINKS,
    ORDERS,
    REFUNDS,
    PaymentStatus,
    failure_fields,
    shown_status,
)
from shared.families.glomopay.times import iso

if TYPE_CHECKING:
    from shared.domain.order import Order

FAMILY: Final = "glomopay"
ABOUT: Final = "about"  # of a payment: what is echoed of it and of what it pays
ASKED: Final = "asked"  # of an order: what a merchant said of it, as it is echoed
COUNTRY: Final = "country"  # of an order: its customer's
_NETWORKS: Final = {"VISA": "Visa", "MASTERCARD": "Mastercard", "AMEX": "American Express"}


def order_view(order: Order | OrderFacts, status: OrderStatus) -> dict[str, object]:
    return {
        "id": order.id,
        "status": ORDERS[status].value,
        "customer_id": order.customer_id,
        "amount": order.amount.minor,
        "currency": order.amount.currency,
        "request_id": order.reference or None,
        **asked(order),
        "expires_at": iso(order.expires_at),
        "created_at": iso(order.created_at),
        "updated_at": iso(order.updated_at),
    }


def link_view(link: LinkFacts) -> dict[str, object]:
    return {
        "id": link.id,
        "status": LINKS[link.status].value,
        "payment_link": link.url,
        "customer_id": link.customer_id,
        "amount": link.amount.minor,
        "currency": link.amount.currency,
        **asked(link),
        "reminder_frequency": link.remind_every or None,
        "expires_at": iso(link.expires_at),
        "created_at": iso(link.created_at),
        "updated_at": iso(link.updated_at),
    }


def asked(order: Order | OrderFacts | LinkFacts) -> dict[str, Any]:
    """What the merchant said of it, by the names that it is echoed under."""
    found: dict[str, Any] = json.loads(order.family_data.get(ASKED, "{}"))
    return found


def shown_refund(refund: Refund) -> dict[str, object]:
    """The reply of ``GET /refunds/{id}``."""
    facts = RefundFacts(
        refund.id,
        refund.given,
        refund.given,
        refund.amount,
        refund.reason,
        asked=refund.amount,
        status=refund.status,
        created_at=refund.created_at,
        settled_at=refund.settled_at,
        reference=refund.reference,
    )
    return refund_view(facts, refund.payment_id, refund.customer_id)


def refund_view(facts: RefundFacts, payment_id: str | None, customer_id: str | None) -> dict[str, object]:
    amount = facts.asked or facts.amount
    nothing = {"amount": 0, "currency": amount.currency}
    changed_at = facts.settled_at or facts.created_at
    return {
        "id": facts.id,
        "customer_id": customer_id,
        "payment_id": payment_id,
        "reason": facts.reason or None,
        "fx_fee": dict(nothing),
        "txn_fee": dict(nothing),
        "documents": [],
        "status": REFUNDS[facts.status],
        "currency": amount.currency,
        "amount": amount.minor,
        "request_id": facts.reference or None,
        "created_at": iso(facts.created_at) if facts.created_at else None,
        "updated_at": iso(changed_at) if changed_at else None,
    }


def payment_view(facts: PaymentFacts, merchant_id: str) -> dict[str, object]:
    """A payment as facts have it; nothing of it is refunded yet."""
    about = _about(facts)
    status = shown_status(facts.status)
    pays = facts.order_id or facts.link_id
    return {
        "id": facts.id,
        "payment_id": facts.id,
        "payin_id": pays,
        "payin_type": "payment_link" if facts.link_id else "orders",
        "order_id": facts.order_id,
        "subscription_id": None,
        "status": status.value,
        "compliance_status": None,
        **_amounts(facts),
        "purpose_code": about.get("purpose_code"),
        "sender_name": facts.shown_card.holder_name or None if facts.shown_card else None,
        "notes": about.get("notes") or {},
        "request_id": facts.reference or None,
        **failure_fields(facts.status, facts.failure),
        "paid_at": iso(facts.ended_at) if status is PaymentStatus.SUCCESS else None,
        "fee_bearer": "merchant",
        "fee_collection_mode": None,
        "created_at": iso(facts.created_at),
        "updated_at": iso(facts.completed_at or facts.created_at),
        "customer_id": facts.customer_id,
        "merchant_id": merchant_id,
        "product_name": (about.get("product") or {}).get("name"),
        "product_description": (about.get("product") or {}).get("description"),
        "country": about.get("country"),
        "documents": [],
        "settlement_id": None,
        "funds_available": status is PaymentStatus.SUCCESS,
        "payment_method": {"type": "card", "details": _details(facts.shown_card)},
    }


def card_network(card: Card) -> str | None:
    return _NETWORKS.get(card.brand)


def _about(facts: PaymentFacts) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(facts.family_data.get(ABOUT, "{}"))
    return found


def _amounts(facts: PaymentFacts) -> dict[str, object]:
    """Nothing is converted and nothing is charged for it, so that every pair says the same."""
    minor, currency = facts.amount.minor, facts.amount.currency
    nothing = {"amount": 0, "currency": currency}
    kinds = ("txn_fee", "fx_fee", "referral_fee")
    pairs = {
        f"{kind}_{part}": value
        for kind in ("payment", "converted", "requested")
        for part, value in (("currency", currency), ("amount", minor))
    }
    return {
        **pairs,
        "amount": minor,
        "currency": currency,
        "amount_refunded": 0,
        "fees": {kind: dict(nothing) for kind in kinds},
        "fee_breakdown": {kind: [] for kind in kinds},
    }


def _details(card: Card | None) -> dict[str, str | None] | None:
    if card is None:
        return None
    return {
        "card_network": card_network(card),
        "card_type": None,
        "end_digits": card.last4,
        "country_code": None,
        "card_holder_name": card.holder_name or None,
        "card_bin": card.first6 or None,
        "issuer_name": None,
    }
