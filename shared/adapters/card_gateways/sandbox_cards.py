"""The sandbox's test cards: how each is shown, whether its bank asks for a code, and what becomes of it then."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from shared.domain.card_data import CardData
from shared.domain.decline import Decline
from shared.domain.errors import InvalidRequest
from shared.domain.record import dataclass

CHALLENGE_OTP: Final = "123456"
MOST_CODES: Final = 3  # wrong ones of one card, the last of which declines it
WRONG_CODE: Final = ("1921", Decline.AUTHENTICATION_FAILED)


@dataclass(frozen=True, slots=True)
class TestCard:
    """``refusal`` is the bank's code and our word for it; ``behaviour`` what an accepted card does later."""

    __test__ = False  # not one of pytest's

    network: str
    otp: bool = False
    refusal: tuple[str, Decline] | None = None
    behaviour: str = ""


_VISA, _MASTERCARD, _AMEX = "VISA", "MASTERCARD", "AMEX"
_NO: Final = ("05", Decline.CARD_DECLINED)
# Matched before any rule about lengths and check digits: some numbers of this list have neither.
CARDS: Final = {
    "4242424242424242": TestCard(_VISA),
    "5555555555554444": TestCard(_MASTERCARD),
    "378282246310005": TestCard(_AMEX),
    "4000002500003155": TestCard(_VISA, otp=True),
    "4111111111111111": TestCard(_VISA, otp=True),
    "3466241111111111": TestCard(_AMEX),
    "3469122222222222": TestCard(_AMEX, otp=True),
    "3490881111111112": TestCard(_AMEX, refusal=_NO),
    "3790802222222223": TestCard(_AMEX, otp=True, refusal=_NO),
    "4916531111111111": TestCard(_MASTERCARD),
    "4376702222222222": TestCard(_MASTERCARD, otp=True),
    "4532271111111112": TestCard(_MASTERCARD, refusal=_NO),
    "4556822222222223": TestCard(_MASTERCARD, otp=True, refusal=_NO),
    "4532491111111111": TestCard(_VISA),
    "4532442222222222": TestCard(_VISA, otp=True),
    "4556891111111112": TestCard(_VISA, refusal=_NO),
    "4597262222222223": TestCard(_VISA, otp=True, refusal=_NO),
    "4000000000000002": TestCard(_VISA, refusal=_NO),
    "4000000000009995": TestCard(_VISA, refusal=("51", Decline.INSUFFICIENT_FUNDS)),
    "4000000000000069": TestCard(_VISA, refusal=("54", Decline.CARD_EXPIRED)),
    "4000000000000010": TestCard(_VISA, refusal=("14", Decline.INVALID_CARD)),
    "4000000000000028": TestCard(_VISA, refusal=("61", Decline.LIMIT_EXCEEDED)),
    "4000000000000036": TestCard(_VISA, refusal=("57", Decline.CARD_NOT_SUPPORTED)),
    "4000000000003055": TestCard(_VISA, refusal=("58", Decline.CARD_NOT_SUPPORTED)),  # not with 3-D Secure
    "4000000000000051": TestCard(_VISA, refusal=("65", Decline.AUTHENTICATION_REQUIRED)),
    "4000000000000044": TestCard(_VISA, refusal=("91", Decline.TRY_AGAIN_LATER)),
    "4000000000000085": TestCard(_VISA, refusal=("20002", Decline.SESSION_EXPIRED)),
    "4000000000000341": TestCard(_VISA, behaviour="capture_fails"),
    "4000002760003184": TestCard(_VISA, behaviour="asks_holder"),
    "4000000000000259": TestCard(_VISA, behaviour="disputed"),
    "4000000000005126": TestCard(_VISA, behaviour="refund_fails"),
    "4000000000000119": TestCard(_VISA, behaviour="answer_lost"),
    "4000000000000077": TestCard(_VISA, behaviour="rest_held"),
    "4000000000000093": TestCard(_VISA, behaviour="agrees"),
    "4000000000000135": TestCard(_VISA, behaviour="agrees_refused"),
    "4000000000000101": TestCard(_VISA, behaviour="pending"),
    "4000000000000127": TestCard(_VISA, behaviour="pending_refused"),
    "4000000000000150": TestCard(_VISA, behaviour="settles_later"),
    "4000000000000168": TestCard(_VISA, behaviour="returned_later"),
    "4000000000000143": TestCard(_VISA, behaviour="other_amount"),
}


def taken(card: CardData, now: datetime) -> TestCard:
    """What is known of the card. Raises InvalidRequest for one that is not on the list or not filled in right."""
    known = CARDS.get(card.number)
    if known is None:
        raise InvalidRequest(
            "only test cards are taken here, such as 4242 4242 4242 4242", code="not_a_test_card", param="number"
        )
    if not 1 <= card.expiry_month <= 12:
        raise InvalidRequest("expiryMonth must be between 1 and 12", param="expiryMonth")
    year = card.expiry_year + 2000 if card.expiry_year < 100 else card.expiry_year
    if (year, card.expiry_month) < (now.year, now.month):
        raise InvalidRequest("the card's expiry date has passed", code="card_expired")
    if not (card.cvv.isascii() and card.cvv.isdigit() and 3 <= len(card.cvv) <= 4):
        raise InvalidRequest("cvv must be 3 or 4 digits", param="cvv")
    return known


def shown(card: CardData, known: TestCard) -> dict[str, str]:
    """All that is kept of a card: the fields of ``Card``."""
    return {
        "brand": known.network,
        "last4": card.number[-4:],
        "expiry": f"{card.expiry_month:02d}/{card.expiry_year % 100:02d}",
        "holder_name": card.holder_name,
    }
