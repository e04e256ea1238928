"""Paygol's numbers of transactions, which are the payments' own ids."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from shared.domain.errors import NotFound
from shared.domain.ids import PaymentId, base32

_FORM: Final = re.compile(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}")


def transaction_id(now: datetime, entropy: bytes) -> PaymentId:
    """``ABCD-ZZZZ-BIKE-R234``: sixteen characters of base32 from ten bytes of entropy."""
    text = base32(entropy[:10])
    return PaymentId("-".join(text[n : n + 4] for n in range(0, 16, 4)))


def named_transaction(text: str) -> PaymentId:
    """Raises NotFound for what is no transaction's number by its form."""
    if _FORM.fullmatch(text) is None:
        raise NotFound("there is no such transaction")
    return PaymentId(text)
