"""What PayPal's issues mean: which of our ten words a decline is, and which say that a call was made before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.domain.decline import Decline

DONE: Final = "00"  # the word for a success, as operations print it
# Refusals that spend no order: the buyer has not agreed to it, or has to go back to PayPal for it.
NOT_AGREED: Final = frozenset({"ORDER_NOT_APPROVED", "PAYER_ACTION_REQUIRED"})
# The order has to be asked: what it is over for may be our own call, whose answer was lost.
DONE_BEFORE: Final = frozenset({"ORDER_ALREADY_AUTHORIZED", "ORDER_ALREADY_CAPTURED", "ORDER_COMPLETED_OR_VOIDED"})
GONE: Final = frozenset({"PREVIOUSLY_VOIDED", "AUTHORIZATION_VOIDED", "AUTHORIZATION_EXPIRED"})

_WORDS: Final[Mapping[Decline, tuple[str, ...]]] = {
    Decline.LIMIT_EXCEEDED: ("TRANSACTION_LIMIT_EXCEEDED", "TRANSACTION_RECEIVING_LIMIT_EXCEEDED"),
    Decline.CARD_EXPIRED: ("CARD_EXPIRED", "REFERENCED_CARD_EXPIRED"),
    Decline.CARD_NOT_SUPPORTED: ("CURRENCY_NOT_SUPPORTED_FOR_COUNTRY", "CARD_BRAND_NOT_SUPPORTED"),
    Decline.AUTHENTICATION_REQUIRED: ("PAYER_ACTION_REQUIRED",),
    Decline.SESSION_EXPIRED: ("ORDER_EXPIRED", "TOKEN_EXPIRED"),
}
DECLINES: Final = {issue: word for word, issues in _WORDS.items() for issue in issues}


def reason(issue: str) -> Decline:
    """INSTRUMENT_DECLINED, PAYER_CANNOT_PAY and whatever has no row: declined."""
    return DECLINES.get(issue, Decline.CARD_DECLINED)
