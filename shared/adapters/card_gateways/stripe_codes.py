"""What Stripe's codes mean: which of our ten words a decline is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.domain.decline import Decline

DONE: Final = "00"  # the issuer's word for a success, as operations print it
IN_ANOTHER_STATE: Final = "payment_intent_unexpected_state"
KEY_REUSED: Final = "idempotency_error"

_WORDS: Final[Mapping[Decline, tuple[str, ...]]] = {
    Decline.INSUFFICIENT_FUNDS: ("insufficient_funds",),
    Decline.CARD_EXPIRED: ("expired_card",),
    Decline.INVALID_CARD: (
        *("incorrect_number", "invalid_number", "incorrect_cvc", "invalid_cvc"),
        *("invalid_expiry_month", "invalid_expiry_year", "incorrect_zip"),
    ),
    Decline.LIMIT_EXCEEDED: ("withdrawal_count_limit_exceeded", "card_velocity_exceeded"),
    Decline.CARD_NOT_SUPPORTED: ("card_not_supported", "currency_not_supported"),
    Decline.AUTHENTICATION_FAILED: ("authentication_failure", "payment_intent_authentication_failure"),
    Decline.AUTHENTICATION_REQUIRED: ("authentication_required", "authentication_not_handled"),
    Decline.TRY_AGAIN_LATER: ("processing_error", "issuer_not_available", "reenter_transaction", "try_again_later"),
}
DECLINES: Final = {code: word for word, codes in _WORDS.items() for code in codes}


def reason(decline_code: str, code: str) -> Decline:
    """The bank's code says more than Stripe's own. Lost, stolen and suspicious cards, and the rest: declined."""
    return DECLINES.get(decline_code) or DECLINES.get(code) or Decline.CARD_DECLINED
