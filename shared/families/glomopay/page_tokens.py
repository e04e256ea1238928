"""The address of the page of a card's holder, and what in it opens that page alone."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from shared.domain.payment import Payment

_SECRET: Final = "secret"  # noqa: S105 - the name of a field
_MOST: Final = 400


HOLDER_PAGE: Final = "/pay/authenticate/"


def holder_url(pages_origin: str) -> str:
    """Where the card's holder comes back to from their bank: the page knows by itself what opened it before."""
    return f"{pages_origin}{HOLDER_PAGE}?paymentId={{transactionId}}"


def page_url(payment: Payment, secret: str, callback_url: str) -> str:
    """The page of the card's holder. ``redirectUrl`` is for who reads addresses: where it leads is in the payment."""
    token, back = auth_token(secret), quote(callback_url, safe="")
    address = f"{payment.pages_origin}{HOLDER_PAGE}"
    return f"{address}?paymentId={payment.id}&authToken={token}&redirectUrl={back}"


def auth_token(secret: str) -> str:
    """The payment's client secret as a merchant sees it: opaque."""
    return base64.urlsafe_b64encode(json.dumps({_SECRET: secret}).encode()).decode().rstrip("=")


def secret_in(token: str) -> str:
    """The client secret that ``auth_token`` wrote; empty for what it never wrote."""
    if len(token) > _MOST:
        return ""
    try:
        found = json.loads(base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return ""
    secret = found.get(_SECRET) if isinstance(found, dict) else None
    return secret if isinstance(secret, str) else ""
