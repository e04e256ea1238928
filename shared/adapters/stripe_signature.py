"""``Stripe-Signature``: a time, and the digest of time and body with each secret that is good at the moment."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from shared.domain.errors import Unauthenticated
from shared.ports.inbound import Inbound

TOLERANCE: Final = timedelta(minutes=5)  # as in Stripe's own libraries
HEADER: Final = "stripe-signature"
_LONGEST_STAMP: Final = 12


def signed_with(inbound: Inbound) -> Callable[[str], bool]:
    """Whether a secret signed the message. Raises Unauthenticated for one without a time, or with an old one."""
    given = [entry.partition("=") for entry in inbound.headers.get(HEADER, "").split(",")]
    stamp = next((value for name, _, value in given if name == "t"), "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= _LONGEST_STAMP):
        raise Unauthenticated("the signature is not valid")
    if inbound.now.timestamp() - int(stamp) > TOLERANCE.total_seconds():
        raise Unauthenticated("the signature is too old")
    signed = f"{stamp}.".encode() + inbound.body

    def fits(secret: str) -> bool:
        right = hmac.digest(secret.encode(), signed, "sha256").hex()
        return any(hmac.compare_digest(value.encode(), right.encode()) for name, _, value in given if name == "v1")

    return fits
