"""What the page of a card's holder and the endpoints behind it share: who may, and how the payment stands."""

from __future__ import annotations

import base64
import binascii
import json
import math
from typing import Final
from urllib.parse import quote

from shared.bootstrap import core, runtime
from shared.domain import ids
from shared.domain.card import Challenge
from shared.domain.errors import NotFound, Unauthenticated
from shared.domain.ids import PaymentId
from shared.domain.payment import Ending, Environment, Failure, Payment
from shared.edge.bearer import opens
from shared.edge.call import Call
from shared.families.glomopay.payments import redirect_url
from shared.families.glomopay.statuses import PENDING, PaymentStatus, shown_status
from shared.families.glomopay.views import card_network
from shared.usecases.order.settle_order import settle_order
from shared.usecases.payment.end_checkout import end_checkout

_SECRET: Final = "secret"  # noqa: S105 - the name of a field
_MOST: Final = 400


def page_url(payment: Payment, secret: str, callback_url: str) -> str:
    """The page of the card's holder. ``redirectUrl`` is for who reads addresses: where it leads is in the payment."""
    token, back = auth_token(secret), quote(callback_url, safe="")
    address = f"{payment.pages_origin}/pay/authenticate/"
    return f"{address}?paymentId={payment.id}&authToken={token}&redirectUrl={back}"


def auth_token(secret: str) -> str:
    """The payment's client secret as a merchant sees it: opaque."""
    return base64.urlsafe_b64encode(json.dumps({_SECRET: secret}).encode()).decode().rstrip("=")


def token_payment(call: Call) -> Payment:
    """The payment in the path, if the caller's token opens it. Raises Unauthenticated, also where there is none."""
    refused = Unauthenticated("the authToken is not valid for this payment")
    secret, payment_id = _secret_in(call.identity.token), PaymentId(call.path("id"))
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


def ended(payment: Payment, ending: Ending, code: str, message: str) -> Payment:
    """The payment, which nobody completes any more; its order is free again, or paid if that came first."""
    payment = end_checkout(payment, ending, Failure(code, message), world=core.world())
    return concluded(payment)


def concluded(payment: Payment) -> Payment:
    """The payment, with its order told what it came to if it is over."""
    if payment.is_final:
        settle_order(payment, world=core.world(), orders=core.orders())
    return payment


def page_status(payment: Payment) -> str:
    """``pending``, ``success`` or ``failed``."""
    status = shown_status(payment.status)
    return PENDING if status is PaymentStatus.IN_PROGRESS else status.value


def came_to(payment: Payment) -> dict[str, object]:
    return {"status": page_status(payment), "redirect_url": redirect_url(payment)}


def shown_challenge(payment: Payment) -> dict[str, object]:
    """The reply of ``GET /authentication/{id}``."""
    card, asks = payment.card, payment.challenge or Challenge.NONE
    return {
        "payment_id": payment.id,
        **came_to(payment),
        "challenge": None if payment.is_final else asks.value,
        "amount": payment.amount.minor,
        "currency": payment.amount.currency,
        "amount_text": str(payment.amount.major),
        "merchant_name": payment.merchant_name,
        "card": {
            "card_network": card_network(card) if card else None,
            "end_digits": card.last4 if card else None,
        },
        "expires_in": max(0, math.ceil((payment.expires_at - runtime.now()).total_seconds())),
        "test_mode": payment.environment is Environment.TEST,
        "language": payment.language,
    }


def _secret_in(token: str) -> str:
    if len(token) > _MOST:
        return ""
    try:
        found = json.loads(base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return ""
    secret = found.get(_SECRET) if isinstance(found, dict) else None
    return secret if isinstance(secret, str) else ""
