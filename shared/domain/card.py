"""What is known of a payment's card: what may be shown of it, the page it is entered on, what its holder is asked."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.domain.ids import PageId
from shared.domain.record import dataclass

PAYER: Final = "payer"  # in the handle of a page of ours: the SHA-256 of the secret of the browser that pays there
# The same: the address of the script that draws the gateway's fields there, and the key that it draws them with.
FIELDS_SCRIPT, FIELDS_KEY = "script", "key"


class Challenge(StrEnum):
    """What a card that was presented by the merchant's server asks of its holder."""

    NONE = "none"
    OTP = "otp"
    REDIRECT = "redirect"


class Initiator(StrEnum):
    """Who has a saved card charged: its holder, who is there, or the merchant by an agreement from before."""

    CUSTOMER = "CUSTOMER"
    MERCHANT = "MERCHANT"


def alias_of(brand: str, last4: str, account: str) -> str:
    """What people know it by."""
    return f"{brand} ****{last4}" if last4 else f"{brand} {account}".strip()


@dataclass(frozen=True, slots=True)
class Card:
    """What may be shown of a card. The number itself never comes here.

    An account that is charged in place of a card has its kind as ``brand``, no digits and no date.
    """

    brand: str
    last4: str
    expiry: str  # "MM/YY"
    holder_name: str = ""
    first6: str = ""  # of one that was presented; its merchant's server had the number
    account: str = ""  # whose account it is, masked

    @property
    def alias(self) -> str:
        return alias_of(self.brand, self.last4, self.account)


@dataclass(frozen=True, slots=True)
class CardPage:
    """The card page that its gateway opened last. ``number`` counts them, and the tries on pages that take several.

    ``url`` is the acquirer's address of it and ``handle`` what its connector finds it by again; neither is shown.
    """

    number: int
    page_id: PageId
    opened_at: datetime
    url: str = field(default="", repr=False)
    handle: dict[str, str] = field(default_factory=dict, repr=False)
    framable: bool = False
