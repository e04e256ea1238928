"""API keys as callers show them: a bearer token, and the form that every key of ours has."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from shared.domain import ids
from shared.domain.errors import Unauthenticated

if TYPE_CHECKING:
    from shared.domain.merchant import Credential
    from shared.domain.payment import Payment
    from shared.ports.merchants import Merchants

SESSION_COOKIE: Final = "__Host-session"
_KEY_FORM: Final = re.compile(r"(pk|sk)_(test|live)_[A-Za-z0-9]{8,100}")


def bearer(headers: Mapping[str, str]) -> str:
    """The token of ``Authorization: Bearer <token>``; headers have lower-case names. Raises Unauthenticated."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("send your API key as 'Authorization: Bearer <key>'")
    return token


def shows_session(headers: Mapping[str, str]) -> bool:
    """Whether a person's session is shown, and no key beside it."""
    return f"{SESSION_COOKIE}=" in headers.get("cookie", "") and "authorization" not in headers


def credential_of(token: str, merchants: Merchants) -> Credential:
    """The merchant behind a key. Raises Unauthenticated; what cannot be a key is not looked for."""
    if _KEY_FORM.fullmatch(token) is None:
        raise Unauthenticated("the API key is not known")
    return merchants.credential(token)


def key_form(token: str) -> tuple[str, str] | None:
    """(kind of key, environment) that a token has the form of; None for what is no key."""
    found = _KEY_FORM.fullmatch(token)
    return (found[1], found[2]) if found else None


def opens(secret: str, payment: Payment) -> bool:
    """Whether ``secret`` is a client secret of ``payment``."""
    wanted = ids.fingerprint(secret)
    return any(hmac.compare_digest(wanted, known) for known in payment.client_secrets)
