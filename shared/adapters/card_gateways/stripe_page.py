"""Stripe's Checkout session: how one is asked for, and what it came to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from shared.adapters.card_gateways import stripe_codes as codes
from shared.adapters.reading import part, word
from shared.adapters.stripe_amounts import from_stripe, to_stripe
from shared.domain.authentication import ThreeDs, proof_of
from shared.domain.card import Card
from shared.domain.errors import InvalidAmount, OutcomeUnknown
from shared.domain.money import Money
from shared.domain.payment import Payment
from shared.ports.connectors import PageOutcome, PageRequest, PageState

# A session ends between half an hour and a day after it began; a minute for the way there.
_SOONEST: Final = timedelta(minutes=31)
_LATEST: Final = timedelta(hours=23, minutes=59)
_LONGEST_NAME: Final = 250
_LANGUAGES: Final = (
    "bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl"
    " sv th tr vi zh zh-HK zh-TW"
)
_SHIFTS: Final = frozenset({"authenticated", "attempt_acknowledged"})  # of which the bank bears the risk
_LOCALES: Final = frozenset(_LANGUAGES.split())
_PAID: Final = frozenset({"requires_capture", "succeeded", "canceled"})
_PRICE: Final = "line_items[0][price_data]"


def form_of(request: PageRequest, now: datetime) -> dict[str, str]:
    """The session that ``request`` asks for. Raises Unprocessable for an amount that Stripe has no number for."""
    payment = request.payment
    ends = min(max(request.expires_at or now + _LATEST, now + _SOONEST), now + _LATEST)
    form = {
        "mode": "payment",
        "client_reference_id": payment.id,
        "metadata[transactionId]": payment.id,
        "success_url": request.return_url,
        "cancel_url": request.cancel_url or request.return_url,
        "expires_at": str(int(ends.timestamp())),
        "adaptive_pricing[enabled]": "false",  # in the payment's own currency, or not at all
        "allowed_payment_method_types[0]": "card",
        "line_items[0][quantity]": "1",
        f"{_PRICE}[currency]": payment.amount.currency.lower(),
        f"{_PRICE}[unit_amount]": str(to_stripe(payment.amount)),
        f"{_PRICE}[product_data][name]": _name(payment),
        "payment_intent_data[capture_method]": "automatic" if request.sale else "manual",
        "payment_intent_data[metadata][transactionId]": payment.id,
        "locale": _locale(payment.language),
        "customer_email": payment.email or "",
    }
    if request.tokenize:
        form |= {"customer_creation": "always", "payment_intent_data[setup_future_usage]": "off_session"}
    return {name: value for name, value in form.items() if value}


def outcome_of(payment: Payment, session: Mapping[str, Any]) -> PageOutcome:
    """What a session came to until now. Raises OutcomeUnknown for one that makes no sense."""
    number, state = payment.page_number, word(session, "status")
    intent = part(session, "payment_intent")
    status, charge = word(intent, "status"), part(intent, "latest_charge")
    if state == "complete" and status in _PAID and charge:
        return approved_outcome(number, intent, charge)
    if state == "complete" and intent:
        return failed_outcome(number, intent) or PageOutcome(PageState.PENDING, number, status)
    if state == "expired":
        return failed_outcome(number, intent) or PageOutcome(PageState.OPEN, number - 1, "expired", closed=True)
    if state == "open":  # and a declined card is followed by another one there
        return PageOutcome(PageState.OPEN, number - 1, state)
    raise OutcomeUnknown("Stripe does not say what became of the page")


def closed_outcome(payment: Payment, session: Mapping[str, Any]) -> PageOutcome:
    """The same of one that was to be closed."""
    outcome = outcome_of(payment, session)
    return replace(outcome, closed=outcome.closed or word(session, "status") == "expired")


def approved_outcome(number: int, intent: Mapping[str, Any], charge: Mapping[str, Any]) -> PageOutcome:
    details = part(charge, "payment_method_details", "card")
    return PageOutcome(
        PageState.APPROVED,
        number,
        codes.DONE,
        reference=word(intent, "id") or None,
        card=_card(charge, details),
        token=_token(intent, details),
        fingerprint=word(details, "fingerprint") or None,
        auth_code=word(details, "authorization_code") or None,
        proof=proof_of(word(details, "network_transaction_id"), _three_ds(part(details, "three_d_secure"))),
        amount=paid_amount(intent),
        closed=True,
    )


def failed_outcome(number: int, intent: Mapping[str, Any]) -> PageOutcome | None:
    error = part(intent, "last_payment_error")
    if not error or word(intent, "status") not in ("requires_payment_method", "canceled"):
        return None
    own, bank = word(error, "code"), word(error, "decline_code")
    reason = codes.reason(bank, own)
    return PageOutcome(
        PageState.DECLINED, number, bank or own or "declined", word(error, "message"), closed=True, reason=reason
    )


def _three_ds(said: Mapping[str, Any]) -> ThreeDs | None:
    """None where the bank was not asked."""
    result = word(said, "result")
    if not result:
        return None
    return ThreeDs(
        enrolled=result != "not_supported",
        authenticated=result == "authenticated",
        liability_shift=result in _SHIFTS,
        eci=word(said, "electronic_commerce_indicator"),
        status=result,
    )


def _card(charge: Mapping[str, Any], details: Mapping[str, Any]) -> Card:
    month, year = details.get("exp_month"), details.get("exp_year")
    return Card(
        brand=word(details, "brand").upper(),
        last4=word(details, "last4"),
        expiry=f"{month or 0:02d}/{(year or 0) % 100:02d}",
        holder_name=word(part(charge, "billing_details"), "name"),
    )


def _token(intent: Mapping[str, Any], details: Mapping[str, Any]) -> str | None:
    """What charges the card again, where that was asked for, with the scheme's number of its first payment."""
    customer, method = word(intent, "customer"), word(intent, "payment_method")
    if not word(intent, "setup_future_usage") or not customer or not method:
        return None
    return json.dumps({"customer": customer, "method": method, "network": word(details, "network_transaction_id")})


def paid_amount(intent: Mapping[str, Any]) -> Money:
    minor, currency = intent.get("amount"), word(intent, "currency").upper()
    if isinstance(minor, bool) or not isinstance(minor, int) or minor < 0:
        raise OutcomeUnknown("Stripe does not say how much was paid")
    try:
        return from_stripe(minor, currency)
    except InvalidAmount as error:
        raise OutcomeUnknown("Stripe does not say in which currency was paid") from error


def _locale(language: str) -> str:
    """The customer's language, if the page speaks it; empty: the browser's."""
    return next((known for known in (language, language[:2]) if known in _LOCALES), "")


def _name(payment: Payment) -> str:
    return (payment.description.strip() or payment.merchant_name.strip() or payment.id)[:_LONGEST_NAME]
