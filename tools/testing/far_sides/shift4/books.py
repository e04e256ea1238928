"""The acquirer's books: one account's tokens, charges, refunds and customers. Amounts in minor units."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

APPROVED: Final = "4242424242424242"
INVALID: Final = "4024007102349866"  # no token is made of it
EXPIRED: Final = "4916487051294548"  # nor of it
# Cards of its page of test cards that are declined when they are charged, by the code that tells why.
DECLINES: Final = {
    "4024007134364842": "incorrect_cvc",
    "4024007118468684": "insufficient_funds",
    "4024007114621187": "lost_or_stolen",
    "4018810000150015": "authentication_required",  # here: unless its holder was authenticated
}
CHALLENGED: Final = "4018810000150015"
RIGHT_CODE: Final = "0101"
_BRANDS: Final = {"4": "Visa", "5": "MasterCard", "3": "American Express"}


class Refused(Exception):
    """The acquirer says no: the status and the error of its reply."""

    def __init__(self, status: int, kind: str, code: str, text: str, charge: str = "") -> None:
        super().__init__(text)
        error = {"type": kind, "message": text} | ({"code": code} if code else {})
        self.status = status
        self.body: dict[str, Any] = {"error": error | ({"chargeId": charge} if charge else {})}


def invalid(text: str) -> Refused:
    return Refused(400, "invalid_request", "", text)


def missing(what: str) -> Refused:
    return Refused(404, "invalid_request", "", f"{what} does not exist")


@dataclass(slots=True)
class Card:
    id: str
    number: str = field(repr=False)
    month: str
    year: str
    holder: str = ""
    customer: str = ""

    @property
    def brand(self) -> str:
        return _BRANDS.get(self.number[:1], "Unknown")


@dataclass(slots=True)
class Token:
    """Used once: charged, or made a customer's card. ``liability``: what its holder's authentication came to."""

    id: str
    card: Card
    used: bool = False
    liability: str = ""


@dataclass(slots=True)
class Refund:
    id: str
    charge: str
    amount: int
    created: int
    status: str
    metadata: dict[str, str]


@dataclass(slots=True)
class Charge:
    id: str
    amount: int
    currency: str
    created: int
    card: Card
    captured: bool
    metadata: dict[str, str]
    customer: str = ""
    type: str = ""
    failure: str = ""
    liability: str = ""
    released: bool = False
    refunds: list[Refund] = field(default_factory=list)

    @property
    def held(self) -> int:
        return 0 if self.failure or self.captured or self.released else self.amount

    @property
    def taken(self) -> int:
        return self.amount if self.captured and not self.failure else 0

    @property
    def refunded(self) -> int:
        return sum(one.amount for one in self.refunds if one.status != "failed")


@dataclass(slots=True)
class Account:
    """One account with its two keys. ``refunds_wait``: a refund is only accepted at first.

    ``refusals``: how often refunds of a card's charges are refused for now, by the card's name.
    """

    public: str = "pk_test_ShopAtShift4"
    secret: str = field(default="sk_test_ShopAtShift4", repr=False)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    refunds_wait: bool = False
    refusals: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict, repr=False)
    charges: dict[str, Charge] = field(default_factory=dict)
    customers: dict[str, dict[str, Card]] = field(default_factory=dict, repr=False)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    answered: dict[tuple[str, str], tuple[bytes, int, Any]] = field(default_factory=dict)  # by path and key
    numbers: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def name(self, kind: str) -> str:
        self.numbers += 1
        return f"{kind}_{self.public[-6:]}{self.numbers:010d}"

    @property
    def seconds(self) -> int:
        return int(self.now().timestamp())

    def charge(self, name: str) -> Charge:
        if name not in self.charges:
            raise missing("Charge")
        return self.charges[name]

    # ---- what customers and banks do ----

    def tokenized(self, number: str, month: str = "12", year: str = "2030", holder: str = "") -> Token:
        """What the script on a shop's page makes of a card."""
        if number == INVALID or not number.isdigit() or not 12 <= len(number) <= 19:
            raise Refused(400, "card_error", "invalid_number", "The card number is not a valid one")
        if number == EXPIRED:
            raise Refused(400, "card_error", "expired_card", "The card has expired")
        token = Token(self.name("tok"), Card(self.name("card"), number, month, year, holder))
        self.tokens[token.id] = token
        return token

    def authenticated(self, name: str, *, passed: bool) -> Token:
        token = self.tokens[name]
        token.liability = "successful" if passed else "failed"
        return token

    def let_go(self, charge: Charge) -> None:
        charge.released = charge.released or bool(charge.held)

    def settled(self, *, stands: bool) -> None:
        for charge in self.charges.values():
            for refund in charge.refunds:
                if refund.status == "pending":
                    refund.status = "successful" if stands else "failed"

    # ---- what shops ask for ----

    def spent(self, name: str) -> Token:
        """The token, which is of use to nobody afterwards."""
        token = self.tokens.get(name)
        if token is None:
            raise missing("Token")
        if token.used:
            raise invalid("Token was already used")
        token.used = True
        return token

    def saved(self, customer: str, token: str) -> Card:
        card = self.spent(token).card
        card.customer = customer
        self.customers[customer][card.id] = card
        return card

    def charged(self, charge: Charge) -> Charge:
        """As its card's bank decides; a charge that failed is kept too."""
        self.charges[charge.id] = charge
        code = DECLINES.get(charge.card.number, "")
        if code == "authentication_required" and charge.liability == "successful":
            code = ""
        if code:
            charge.failure, charge.captured = code, False
            raise Refused(402, "card_error", code, code.replace("_", " ").capitalize(), charge.id)
        return charge

    def capture(self, name: str) -> Charge:
        """All of it: there is no capture of a part."""
        charge = self.charge(name)
        if not charge.held:
            raise invalid("Charge was already captured" if charge.captured else "Charge cannot be captured")
        charge.captured = True
        return charge

    def refund(self, name: str, amount: int | None, metadata: dict[str, str]) -> Refund:
        """Money of a captured charge goes back; a charge that was not captured is let go of, whole."""
        charge = self.charge(name)
        left = charge.held or charge.taken - charge.refunded
        wanted = left if amount is None else amount
        if charge.failure or charge.released or not left:
            raise invalid("Charge was already refunded")
        if charge.held and wanted != left:
            raise invalid("Uncaptured charge can only be refunded in full")
        if not 0 < wanted <= left:
            raise invalid("Refund amount is greater than charge amount")
        if charge.captured and self.refusals.get(charge.card.id, 0) > 0:
            self.refusals[charge.card.id] -= 1
            raise Refused(400, "gateway_error", "processing_error", "The refund could not be processed")
        status = "pending" if self.refunds_wait and charge.captured else "successful"
        made = Refund(self.name("re"), charge.id, wanted, self.seconds, status, metadata)
        if charge.held:
            charge.released = True
        else:
            charge.refunds.append(made)
        return made
