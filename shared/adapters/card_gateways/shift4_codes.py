"""What Shift4's codes mean: which of our ten words a decline is, and what its brands are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.domain.decline import Decline

DONE: Final = "00"  # the word for a success, as operations print it

_WORDS: Final[Mapping[Decline, tuple[str, ...]]] = {
    Decline.INSUFFICIENT_FUNDS: ("insufficient_funds",),
    Decline.CARD_EXPIRED: ("expired_card",),
    Decline.INVALID_CARD: (
        *("invalid_number", "invalid_expiry_month", "invalid_expiry_year", "invalid_cvc"),
        *("incorrect_cvc", "incorrect_zip"),
    ),
    Decline.LIMIT_EXCEEDED: ("limit_exceeded",),
    Decline.CARD_NOT_SUPPORTED: ("brand_not_supported", "currency_not_supported"),
    Decline.AUTHENTICATION_REQUIRED: ("authentication_required",),
    Decline.TRY_AGAIN_LATER: ("processing_error",),
    Decline.SESSION_EXPIRED: ("expired_token",),
}
DECLINES: Final = {code: word for word, codes in _WORDS.items() for code in codes}
BRANDS: Final = {"AMERICAN EXPRESS": "AMEX", "DINERS CLUB": "DINERS"}


def reason(code: str) -> Decline:
    """Lost, stolen, blocked and suspicious cards, and whatever has no row: declined."""
    return DECLINES.get(code, Decline.CARD_DECLINED)
