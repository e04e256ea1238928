"""The acquirer's objects as its API shows them; those that a caller asks to have expanded are whole, others an id."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from tools.testing.far_sides.stripe import methods
from tools.testing.far_sides.stripe.books import AUTHENTICATED, Account, Dispute, Intent, Refund, Session


def session(one: Session, origin: str, expand: Collection[str] = ()) -> dict[str, Any]:
    found: Any = one.intent and one.intent.id
    if one.intent is not None and any(name.startswith("payment_intent") for name in expand):
        found = intent(one.intent, {name.removeprefix("payment_intent.") for name in expand})
    paid = one.intent is not None and one.intent.status == "succeeded"
    return {
        "id": one.id,
        "object": "checkout.session",
        "mode": "payment",
        "status": one.status,
        "payment_status": "paid" if paid else "unpaid",
        "payment_intent": found,
        "amount_total": one.amount,
        "currency": one.currency,
        "customer": (one.intent.customer if one.intent else "") or None,
        "client_reference_id": one.given.get("client_reference_id"),
        "metadata": one.metadata,
        "created": one.created,
        "expires_at": one.expires_at,
        "success_url": one.given["success_url"],
        "cancel_url": one.given.get("cancel_url"),
        "url": f"{origin}/c/pay/{one.id}" if one.status == "open" else None,
        "livemode": False,
    }


def intent(one: Intent, expand: Collection[str] = (), origin: str = "") -> dict[str, Any]:
    charged: Any = one.charge or None
    if charged and "latest_charge" in expand:
        charged = charge(one)
    bank: Any = {"type": "redirect_to_url", "redirect_to_url": {"url": f"{origin}/3ds/{one.id}"}}
    if one.kind:
        bank = methods.action(one, origin)
    return {
        "id": one.id,
        "object": "payment_intent",
        "status": one.status,
        "amount": one.amount,
        "amount_capturable": one.held,
        "amount_received": one.received,
        "currency": one.currency,
        "capture_method": "manual" if one.manual else "automatic",
        "created": one.created,
        "customer": one.customer or None,
        "payment_method": one.card.id if one.card else None,
        "setup_future_usage": "off_session" if one.off_session else None,
        "latest_charge": charged,
        "next_action": bank if one.status == "requires_action" else None,
        "last_payment_error": one.error,
        "cancellation_reason": one.cancelled_because or None,
        "metadata": one.metadata,
        "livemode": False,
    }


def charge(one: Intent) -> dict[str, Any]:
    if one.card is None:
        return {"id": one.charge, "object": "charge", "amount": one.amount, "payment_intent": one.id}
    card = {
        **one.card.shown(),
        "network_transaction_id": f"MC{one.charge[-6:]}",
        "authorization_code": one.charge[-6:],
        "three_d_secure": _three_d_secure(one),
    }
    return {
        "id": one.charge,
        "object": "charge",
        "amount": one.amount,
        "amount_captured": one.received,
        "amount_refunded": one.refunded,
        "captured": one.status == "succeeded",
        "paid": True,
        "payment_intent": one.id,
        "billing_details": {"name": one.card.holder},
        "payment_method_details": {"type": "card", "card": card},
    }


def _three_d_secure(one: Intent) -> dict[str, Any] | None:
    """Nobody asks the bank of most cards."""
    if one.card is None or one.card.number not in AUTHENTICATED:
        return None
    return {"result": "authenticated", "electronic_commerce_indicator": "05", "version": "2.2.0"}


def refund(one: Refund) -> dict[str, Any]:
    return {
        "id": one.id,
        "object": "refund",
        "amount": one.amount,
        "currency": one.intent.currency,
        "payment_intent": one.intent.id,
        "charge": one.intent.charge,
        "status": one.status,
        "metadata": one.metadata,
        "created": one.created,
    }


def dispute(one: Dispute) -> dict[str, Any]:
    return {
        "id": one.id,
        "object": "dispute",
        "amount": one.intent.received,
        "currency": one.intent.currency,
        "charge": one.intent.charge,
        "payment_intent": one.intent.id,
        "reason": one.reason,
        "status": one.status,
        "created": one.created,
        "evidence": one.evidence,
        "evidence_details": {"due_by": one.created + 14 * 86_400, "submission_count": one.submissions},
        "metadata": one.metadata,
        "livemode": False,
    }


def account(one: Account) -> dict[str, Any]:
    return {"id": one.id, "object": "account", "country": "IT", "default_currency": "eur", "charges_enabled": True}
