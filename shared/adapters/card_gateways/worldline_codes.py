"""What Worldline's codes mean: which of our ten words an error of the bank's is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.domain.decline import Decline

DONE: Final = "00"  # the word for a success, as operations print it
LEFT: Final = 1  # the status code of a payment that its customer has cancelled

# 30, the issuer's two-digit answer, and 1001; 4000 for what 3-D Secure came to.
_WORDS: Final[Mapping[Decline, tuple[str, ...]]] = {
    Decline.INSUFFICIENT_FUNDS: ("30511001",),
    Decline.CARD_EXPIRED: ("30331001", "30541001"),
    Decline.INVALID_CARD: ("30141001", "30151001"),
    Decline.LIMIT_EXCEEDED: ("30611001",),
    Decline.CARD_NOT_SUPPORTED: ("30571001", "30621001", "30921001"),
    Decline.AUTHENTICATION_FAILED: ("40001134", "40001135"),
    Decline.AUTHENTICATION_REQUIRED: ("40001139",),
    Decline.TRY_AGAIN_LATER: ("30191001", "30681001", "30911001", "40001137", "40001138", "50001081"),
    Decline.SESSION_EXPIRED: ("30171002",),
}
DECLINES: Final = {code: word for word, codes in _WORDS.items() for code in codes}
BRANDS: Final = {1: "VISA", 2: "AMEX", 3: "MASTERCARD", 56: "UNIONPAY", 117: "MAESTRO", 125: "JCB", 132: "DINERS"}


def reason(code: str) -> Decline:
    """Lost, stolen and suspicious cards, fraud rules, and whatever has no row: declined."""
    return DECLINES.get(code, Decline.CARD_DECLINED)
