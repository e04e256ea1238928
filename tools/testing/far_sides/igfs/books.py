"""The acquirer's books: what a terminal's customers paid, and what its shop made of it. Amounts are minor units."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

OK: Final = "IGFS_000"
PENDING: Final = "IGFS_814"
UNDECIDED: Final = "IGFS_890"
CANCELLED: Final = "IGFS_20090"

# Cards of its page, by number; any other Luhn-valid number is approved.
CARDS: Final = {
    "4000000000000002": "IGFS_008",
    "4000000000009995": "IGFS_030",
    "4000000000000069": "IGFS_002",
    "4000000000000119": "IGFS_018",
    "4000000000003063": "IGFS_1921",
    "4000000000009987": "IGFS_160",
}


class Refused(Exception):
    """The acquirer says no, with the code that it says it by."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Kind(StrEnum):
    AUTH = "AUTH"
    PURCHASE = "PURCHASE"


@dataclass(slots=True)
class Order:
    """One Init or token charge, and everything that came of it."""

    shop_id: str
    payment_id: str
    kind: Kind
    amount: int
    currency: str
    tokenise: bool = False
    notify_url: str = ""
    error_url: str = ""
    callback_url: str = ""
    code: str = PENDING
    tran_id: str = ""
    auth_code: str = ""
    masked: str = ""
    brand: str = ""
    expiry: tuple[str, str] = ("", "")
    token: str = ""
    captured: int = 0
    voided: int = 0
    credits: list[int] = field(default_factory=list)
    confirm_id: str = ""
    void_id: str = ""

    @property
    def paid(self) -> bool:
        return self.code == OK

    @property
    def held(self) -> int:
        return self.amount - self.captured - self.voided if self.paid and self.kind is Kind.AUTH else 0

    @property
    def taken(self) -> int:
        """What was taken from the card, before what was given back."""
        return self.amount if self.paid and self.kind is Kind.PURCHASE else self.captured

    @property
    def refunded(self) -> int:
        return sum(self.credits)


@dataclass(slots=True)
class Terminal:
    """One terminal. ``keeps_rest``: what a Confirm does not take stays held, and its reply says how much.

    ``credits_once``: a repeated shopID of a Credit is refused; else it is a second Credit.
    """

    tid: str = "UNI_ECOM"
    key: str = field(default="UNI_TESTKEY", repr=False)
    keeps_rest: bool = False
    credits_once: bool = False
    orders: dict[str, Order] = field(default_factory=dict)  # by paymentID
    tokens: dict[str, str] = field(default_factory=dict, repr=False)  # to the card's number
    used: set[str] = field(default_factory=set)
    chains: list[str] = field(default_factory=list)  # traceChainId of each charge of a token
    numbers: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def number(self, prefix: str) -> str:
        self.numbers += 1
        return f"{prefix}{self.numbers:018d}"

    def opened(self, order: Order) -> Order:
        """A new page. Raises Refused for a shopID that was used before."""
        if order.shop_id in self.used:
            raise Refused("IGFS_20026")
        self.used.add(order.shop_id)
        self.orders[order.payment_id] = order
        return order

    def page(self, payment_id: str) -> Order:
        if payment_id not in self.orders:
            raise Refused("IGFS_20023")
        return self.orders[payment_id]

    def entered(self, payment_id: str, number: str, month: str = "12", year: str = "2030") -> bool:
        """A customer types a card on the page, which one card spends. False when it takes none any more."""
        order = self.page(payment_id)
        if order.code != PENDING:
            return False
        order.code = CARDS.get(number, OK)
        order.masked = f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"
        order.brand = "VISA" if number.startswith("4") else "MASTERCARD"
        order.expiry = (month, year)
        if order.paid:
            order.tran_id, order.auth_code = self.number("30"), f"{self.numbers:06d}"
            if order.tokenise:
                order.token = self.number("TOK")
                self.tokens[order.token] = number
        return True

    def left(self, payment_id: str) -> bool:
        order = self.page(payment_id)
        if order.code != PENDING:
            return False
        order.code = CANCELLED
        return True

    def confirm(self, tran_id: str, amount: int) -> tuple[str, int]:
        """The Confirm's number, and what stays held."""
        order = self._authorised(tran_id, "IGFS_097")
        if order.confirm_id:
            raise Refused("IGFS_093")
        if order.void_id:
            raise Refused("IGFS_20007")
        if not 0 < amount <= order.amount:
            raise Refused("IGFS_00261" if amount > 0 else "IGFS_032")
        order.captured, order.confirm_id = amount, self.number("31")
        if not self.keeps_rest:
            order.voided = order.amount - amount
        return order.confirm_id, order.held

    def void(self, tran_id: str, amount: int) -> str:
        """Release what is held: all of an authorisation, or what a Confirm left."""
        order = self._authorised(tran_id, "IGFS_096")
        if order.void_id or (order.confirm_id and not order.held):
            raise Refused("IGFS_099" if order.void_id else "IGFS_20007")
        if amount != order.held:
            raise Refused("IGFS_032")
        order.voided, order.void_id = order.voided + order.held, self.number("32")
        return order.void_id

    def credit(self, tran_id: str, amount: int, currency: str, shop_id: str) -> tuple[str, int]:
        """The Credit's number, and what can still be given back."""
        if self.credits_once and f"C{shop_id}" in self.used:
            raise Refused("IGFS_20026")
        order = self._of(tran_id, "IGFS_092")
        if currency != order.currency:
            raise Refused("IGFS_032")
        if amount <= 0 or order.refunded + amount > order.taken:
            raise Refused("IGFS_00260" if amount > 0 else "IGFS_032")
        self.used.add(f"C{shop_id}")
        order.credits.append(amount)
        return self.number("33"), order.taken - order.refunded

    def charge(self, order: Order, token: str) -> Order:
        """A saved card is charged at once, without its holder."""
        if token not in self.tokens:
            raise Refused("IGFS_20045")
        number = self.tokens[token]
        order = self.opened(order)
        self.entered(order.payment_id, number)
        if not order.paid:
            raise Refused(order.code)
        return order

    def forget(self, token: str) -> None:
        if self.tokens.pop(token, None) is None:
            raise Refused("IGFS_20045")

    def ended(self, payment_id: str) -> None:
        """The hold ends at the bank, as holds do after some days."""
        order = self.page(payment_id)
        order.voided, order.void_id = order.voided + order.held, order.void_id or self.number("32")

    def _authorised(self, tran_id: str, otherwise: str) -> Order:
        order = self._of(tran_id, otherwise)
        if order.kind is not Kind.AUTH or tran_id != order.tran_id:
            raise Refused(otherwise)
        return order

    def _of(self, tran_id: str, otherwise: str) -> Order:
        for order in self.orders.values():
            if tran_id and tran_id in (order.tran_id, order.confirm_id):
                return order
        raise Refused(otherwise)
