"""How a webhook is signed: three families of receivers, one secret, computed afresh at every attempt."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from datetime import datetime

from shared.domain.merchant import Secret, SignatureEncoding


def valid_secrets(secrets: Sequence[Secret], now: datetime) -> tuple[str, ...]:
    """The values that sign at ``now``, newest first: the present one and those it replaced within the overlap."""
    return tuple(s.value for s in secrets if s.expires_at is None or s.expires_at > now)


def payglobe(secret: str, body: bytes, encoding: SignatureEncoding) -> str:
    """``X-PayGlobe-Signature``: HMAC-SHA256 of the raw body, base64 with padding or lower-case hex."""
    digest = _digest(secret.encode(), body)
    return digest.hex() if encoding is SignatureEncoding.HEX else b64encode(digest).decode()


def stripe(secrets: Sequence[str], body: bytes, timestamp: int) -> str:
    """``Stripe-Signature``: ``t=<unix>,v1=<hex>``, one ``v1`` per secret. The key is the whole secret's text.

    It cannot equal the PayGlobe header: Stripe's libraries refuse a bare base64 value.
    """
    signed = f"{timestamp}.".encode() + body
    return ",".join([f"t={timestamp}", *(f"v1={_digest(s.encode(), signed).hex()}" for s in secrets)])


def standard(secrets: Sequence[str], body: bytes, message_id: str, timestamp: int) -> str:
    """``webhook-signature`` of Standard Webhooks 1.0.0: ``v1,<base64>``, separated by spaces."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(f"v1,{b64encode(_digest(standard_key(s), signed)).decode()}" for s in secrets)


def standard_key(secret: str) -> bytes:
    """The key behind a secret: the base64 after ``whsec_test_`` or ``whsec_live_``, else the text itself."""
    for prefix in ("whsec_test_", "whsec_live_"):
        if secret.startswith(prefix):
            try:
                return b64decode(secret.removeprefix(prefix), validate=True)
            except NotBase64:
                break
    return secret.encode()


def _digest(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")
