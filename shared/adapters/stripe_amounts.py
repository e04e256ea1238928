"""Amounts as Stripe counts them, which for some currencies is not in the units of ISO 4217."""

from __future__ import annotations

from typing import Final

from shared.domain.errors import Unprocessable
from shared.domain.money import Money, exponent_of

# Currencies without decimals that Stripe counts in hundredths all the same.
_IN_HUNDREDTHS: Final = frozenset({"ISK", "UGX"})
# One with decimals that Stripe counts whole.
_WHOLE: Final = frozenset({"MGA"})
_THOUSANDTHS: Final = 3


def to_stripe(amount: Money) -> int:
    """Raises Unprocessable for an amount that Stripe has no number for."""
    if amount.currency in _IN_HUNDREDTHS:
        return amount.minor * 100
    # Of three decimals the last is always 0 there.
    step = 10 if exponent_of(amount.currency) == _THOUSANDTHS else 100 if amount.currency in _WHOLE else 1
    if amount.minor % step:
        raise Unprocessable(f"the card gateway cannot charge {amount}", code="amount_not_representable")
    return amount.minor // 100 if amount.currency in _WHOLE else amount.minor


def from_stripe(number: int, currency: str) -> Money:
    """Raises InvalidAmount for a currency that is none."""
    exponent_of(currency)
    if currency in _IN_HUNDREDTHS:
        return Money(number // 100, currency)
    return Money(number * 100 if currency in _WHOLE else number, currency)
