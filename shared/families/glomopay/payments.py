"""What the payment endpoints share: the caller's own payment, and how one is shown."""

from __future__ import annotations

import json
from typing import Any, Final

from shared.bootstrap import core
from shared.domain import ids as forms
from shared.domain.errors import NotFound
from shared.domain.event import PaymentFacts
from shared.domain.ids import PaymentId
from shared.domain.merchant import Credential
from shared.domain.operation import Kind
from shared.domain.payment import Card, Payment
from shared.edge.call import Call
from shared.edge.ownership import check_owner
from shared.families.glomopay import ids
from shared.families.glomopay.callbacks import added
from shared.families.glomopay.statuses import PaymentStatus, failure_fields, shown_status
from shared.families.glomopay.times import iso
from shared.usecases.payment.facts import payment_facts

FAMILY: Final = "glomopay"
ABOUT: Final = "about"  # what is echoed of a payment and of what it pays
_UNKNOWN: Final = "Payment not found"
_NETWORKS: Final = {"VISA": "Visa", "MASTERCARD": "Mastercard", "AMEX": "American Express"}


def own_payment(call: Call) -> Payment:
    """The payment named in the path, if it is the caller's. Raises InvalidRequest, NotFound."""
    return payment_of(ids.named(call, ids.PAYMENT), call.credential)


def payment_of(payment_id: str, credential: Credential) -> Payment:
    """The caller's payment of this id. Raises NotFound."""
    try:
        if not forms.is_id(payment_id):
            raise NotFound(_UNKNOWN)
        payment = core.payments().get(PaymentId(payment_id))
        check_owner(payment, credential, "payment")
    except NotFound:
        raise NotFound(_UNKNOWN) from None
    return payment


def shown_payment(payment: Payment) -> dict[str, object]:
    """The reply of ``GET /payments/{id}``."""
    facts = payment_facts(payment, Kind.SALE, payment.completed_at or payment.created_at)
    return payment_view(facts, payment.merchant_id) | {"amount_refunded": payment.refunded}


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


def redirect_url(payment: Payment) -> str | None:
    """Where the browser goes when the payment is over, always the same; None before."""
    if not payment.is_final:
        return None
    if shown_status(payment.status) is PaymentStatus.SUCCESS:
        return payment.callback_url
    why = failure_fields(payment.status, payment.failure)["customer_error_description"]
    return payment.error_url and added(payment.error_url, {"error": why or ""})


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
