"""What the page of a card's holder and the endpoints behind it share: who may, and how the payment stands."""

from __future__ import annotations

import math

from shared.bootstrap import core, runtime
from shared.domain import ids
from shared.domain.card import Challenge
from shared.domain.errors import NotFound, Unauthenticated
from shared.domain.ids import PaymentId
from shared.domain.payment import Environment, Payment
from shared.edge.bearer import opens
from shared.edge.brand import brand_of
from shared.edge.call import Call
from shared.families.glomopay.page_tokens import secret_in
from shared.families.glomopay.payments import redirect_url
from shared.families.glomopay.statuses import PENDING, PaymentStatus, shown_status
from shared.families.glomopay.views import card_network


def token_payment(call: Call) -> Payment:
    """The payment in the path, if the caller's token opens it. Raises Unauthenticated, also where there is none."""
    refused = Unauthenticated("the authToken is not valid for this payment")
    secret, payment_id = secret_in(call.identity.token), PaymentId(call.path("id"))
    if ids.payment_of_client_secret(secret) != payment_id:
        raise refused
    try:
        payment = core.payments().get(payment_id)
    except NotFound:
        raise refused from None
    if payment.challenge is None or not opens(secret, payment):
        raise refused
    call.about = payment
    return payment


def page_status(payment: Payment) -> str:
    """``pending``, ``success`` or ``failed``."""
    status = shown_status(payment.status)
    return PENDING if status is PaymentStatus.IN_PROGRESS else status.value


def came_to(payment: Payment) -> dict[str, object]:
    return {"status": page_status(payment), "redirect_url": redirect_url(payment), "bank_url": _bank_url(payment)}


def _bank_url(payment: Payment) -> str | None:
    """Where the bank of the card's holder waits for them; None when it does not, or the payment is over."""
    page = payment.card_page
    waits = payment.challenge is Challenge.REDIRECT and page is not None and not payment.is_final
    return (page.url or None) if waits and page is not None else None


def shown_challenge(payment: Payment) -> dict[str, object]:
    """The reply of ``GET /authentication/{id}``.

    ``bank_url``, ``amount_text`` and ``brand`` are for the page of ours alone: a bank that asks on a page of its own,
    an amount whose decimals no browser has to know, and how the merchant's pages look.
    """
    card, asks = payment.card, payment.challenge or Challenge.NONE
    return {
        "payment_id": payment.id,
        **came_to(payment),
        "challenge": None if payment.is_final else asks.value,
        "amount": payment.amount.minor,
        "currency": payment.amount.currency,
        "amount_text": str(payment.amount.major),
        "merchant_name": payment.merchant_name,
        "brand": brand_of(payment),
        "card": {
            "card_network": card_network(card) if card else None,
            "end_digits": card.last4 if card else None,
        },
        "expires_in": max(0, math.ceil((payment.expires_at - runtime.now()).total_seconds())),
        "test_mode": payment.environment is Environment.TEST,
        "language": payment.language,
    }
