"""What IGFS's result codes mean: which of our ten words a decline is, and which of them say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.domain.decline import Decline

DONE: Final = "IGFS_000"
UNDECIDED: Final = "IGFS_890"
WAITING: Final = frozenset({"IGFS_814", UNDECIDED})  # for a card, or for the word of its bank
CANCELLED: Final = "IGFS_20090"
# The acquirer's own trouble: whatever was asked may have been done.
SILENT: Final = frozenset(f"IGFS_{code}" for code in ("007", "086", "087", "088", "091", "909", "911", "90000"))
# It does not know us: the terminal's id or its key is wrong, and nothing was done.
NOT_LET_IN: Final = frozenset({"IGFS_20022", "IGFS_00456"})
CONFIRMED_ALREADY: Final = "IGFS_093"
VOIDED_ALREADY: Final = "IGFS_099"
VOIDED: Final = "IGFS_400"
NOTHING_HELD: Final = "IGFS_20007"  # not possible for a transaction in this state
CREDIT_ABOVE_CONFIRMED: Final = "IGFS_00260"
SHOP_ID_USED: Final = "IGFS_20026"
CARD_FORGOTTEN: Final = "IGFS_20045"
NO_SUCH_PAGE: Final = "IGFS_20023"

_WORDS: Final[Mapping[Decline, tuple[str, ...]]] = {
    Decline.INSUFFICIENT_FUNDS: ("030", "10002"),
    Decline.CARD_EXPIRED: ("002", "029", "20038"),
    Decline.INVALID_CARD: ("003", "018", "020", "117", "20036", "20037"),
    Decline.LIMIT_EXCEEDED: ("121", "123"),
    Decline.CARD_NOT_SUPPORTED: ("015", "115", "119", "125"),
    Decline.AUTHENTICATION_FAILED: ("1921", "1922", "1923", "1924", "178", "936"),
    Decline.TRY_AGAIN_LATER: ("903", "907", "908", "910", "912"),
    Decline.SESSION_EXPIRED: ("20002",),
}
DECLINES: Final = {f"IGFS_{code}": word for word, codes in _WORDS.items() for code in codes}


def reason(code: str) -> Decline:
    """Lost, stolen, blacklisted and suspicious cards, and whatever has no row: declined."""
    return DECLINES.get(code, Decline.CARD_DECLINED)


def response_code(code: str) -> str:
    """As operations print it: the issuer's ``00`` for a success, as the guide shows, else the acquirer's own."""
    return "00" if code == DONE else code
