"""Why a card was declined: ten words for what every acquirer says in its own codes.

A gateway maps its codes to them, and what it cannot place is CARD_DECLINED. Lost, stolen and suspicious cards are
that too: who holds the card is not told what its bank suspects. Pages have a text of each in every language
(``declined_<word>`` in ``pages/src/lang/checkout``); the acquirer's own code stays with the operation.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Decline(StrEnum):
    CARD_DECLINED = "card_declined"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    CARD_EXPIRED = "card_expired"
    INVALID_CARD = "invalid_card"
    LIMIT_EXCEEDED = "limit_exceeded"
    CARD_NOT_SUPPORTED = "card_not_supported"
    AUTHENTICATION_FAILED = "authentication_failed"
    AUTHENTICATION_REQUIRED = "authentication_required"
    TRY_AGAIN_LATER = "try_again_later"
    SESSION_EXPIRED = "session_expired"

    @property
    def text(self) -> str:
        """What the API says of it, in English."""
        return _TEXTS[self]


_TEXTS: Final = {
    Decline.CARD_DECLINED: "The card was declined",
    Decline.INSUFFICIENT_FUNDS: "The card has insufficient funds",
    Decline.CARD_EXPIRED: "The card has expired",
    Decline.INVALID_CARD: "The card's number or security code is not right",
    Decline.LIMIT_EXCEEDED: "The amount is over the card's limit",
    Decline.CARD_NOT_SUPPORTED: "The card is not accepted for this payment",
    Decline.AUTHENTICATION_FAILED: "The card's bank could not confirm the customer",
    Decline.AUTHENTICATION_REQUIRED: "The card's bank wants the customer to confirm the payment",
    Decline.TRY_AGAIN_LATER: "The card's bank could not be reached",
    Decline.SESSION_EXPIRED: "The card page ran out of time",
}
