"""The three signatures of a webhook, all from one secret and the exact bytes that are sent."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime

from shared.domain.merchant import Secret, SignatureEncoding


def payglobe(secret: str, body: bytes, encoding: SignatureEncoding) -> str:
    """``X-PayGlobe-Signature``: HMAC-SHA256 of the raw body, base64 (or hex where an endpoint asks for it)."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return digest.hex() if encoding is SignatureEncoding.HEX else b64encode(digest).decode()


def stripe(secrets: Sequence[str], body: bytes, timestamp: int) -> str:
    """``Stripe-Signature``: ``t=<now>,v1=<hex>``, with one ``v1`` per secret while a rotated one overlaps.

    It cannot equal the PayGlobe header: Stripe's libraries refuse a bare base64 value.
    """
    signed = str(timestamp).encode() + b"." + body
    parts = [f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}" for secret in secrets]
    return ",".join([f"t={timestamp}", *parts])


def standard(secrets: Sequence[str], message_id: str, body: bytes, timestamp: int) -> str:
    """``webhook-signature`` of Standard Webhooks; the key is the base64 part after ``whsec_test_``."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(
        f"v1,{b64encode(hmac.new(standard_key(secret), signed, hashlib.sha256).digest()).decode()}"
        for secret in secrets
    )


def standard_key(secret: str) -> bytes:
    return b64decode(secret.rpartition("_")[2])


def valid_secrets(secrets: Sequence[Secret], now: datetime) -> list[str]:
    """Newest first; a rotated secret stays for its overlap."""
    return [secret.value for secret in secrets if secret.expires_at is None or secret.expires_at > now]
