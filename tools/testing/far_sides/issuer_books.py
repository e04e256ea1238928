"""The books that simulated issuers of meal vouchers share: what each code is worth, and what was done with it.

No issuer publishes how vouchers are spent over HTTP. What ``assiopay`` and ``monni`` answer here we invented, in two
shapes that differ in what a connector has to cope with.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

HELD_FOR = timedelta(minutes=5)


class Refusal(Exception):
    """Why an issuer does not do what it is asked; the word is for its server to put into its own codes."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass
class Ticket:
    """One voucher. ``kind``: single, daily, cumulative or canteen. Amounts are cents.

    ``divisible``: a part of it can be spent. ``parts_back``: a part of what was spent can be given back. ``spender``
    names whoever spent it, by a reference of ours or by the reservation.
    """

    code: str
    serial: str
    cents: int
    kind: str = "cumulative"
    divisible: bool = True
    parts_back: bool = True
    until: date = date(2030, 12, 31)
    most: int = 8  # of them in one purchase
    blocked: str = ""  # why its issuer takes it from nobody
    unspendable: bool = False  # which shows when it is spent
    used: int = 0
    spender: str = ""
    operation: str = ""
    returns_until: datetime | None = None  # of what goes back on the day it was spent alone: that day's end
    holder: str = ""  # who reserved it
    held_until: datetime | None = None
    notices: int = 0


@dataclass
class Done:
    """What became of one call that moved money."""

    number: str
    cents: int
    refused: str = ""


@dataclass
class IssuerBooks:
    """``done`` are calls by our reference, for an issuer that takes one. Everything happens one after the other."""

    now: Callable[[], datetime]
    currency: str = "EUR"
    tickets: dict[str, Ticket] = field(default_factory=dict)
    done: dict[str, Done] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def issue(self, form: str, cents: int, **facts: object) -> Ticket:
        number = next(self._numbers)
        code = form.format(number=number) if "{" in form else form
        made = Ticket(code, f"{number:04d}{code[:2]}{cents}L", cents, **facts)  # type: ignore[arg-type]
        self.tickets[made.code] = made
        return made

    def number(self, beginning: str) -> str:
        return f"{beginning}{next(self._numbers):06d}"

    def ticket(self, code: str) -> Ticket:
        found = self.tickets.get(code)
        if found is None:
            raise Refusal("unknown")
        return found

    def of_serial(self, serial: str) -> Ticket:
        found = next((each for each in self.tickets.values() if each.serial == serial), None)
        if found is None:
            raise Refusal("unknown")
        return found

    def of_operation(self, number: str) -> Ticket:
        found = next((each for each in self.tickets.values() if number and each.operation == number), None)
        if found is None:
            raise Refusal("unknown")
        return found

    def judge(self, ticket: Ticket, currency: str, who: str = "") -> None:
        """Raises Refusal for what ``who`` could not spend now."""
        if currency != self.currency:
            raise Refusal("currency")
        if ticket.blocked:
            raise Refusal(ticket.blocked)
        if ticket.until < self.now().date():
            raise Refusal("expired")
        if ticket.used:
            raise Refusal("used")
        if ticket.holder not in ("", who) and ticket.held_until is not None and self.now() < ticket.held_until:
            raise Refusal("reserved")

    def hold(self, ticket: Ticket, who: str) -> None:
        ticket.holder, ticket.held_until = who, self.now() + HELD_FOR

    def spend(
        self, ticket: Ticket, cents: int, currency: str, who: str, number: str, *, same_day: bool = False
    ) -> None:
        self.judge(ticket, currency, who)
        if ticket.unspendable:
            raise Refusal("not_here")
        if not 0 < cents <= ticket.cents:
            raise Refusal("too_high")
        ticket.used, ticket.spender, ticket.operation = cents, who, number
        ticket.holder = ""
        ticket.returns_until = _end_of_day(self.now()) if same_day else None

    def give_back(self, ticket: Ticket, cents: int) -> None:
        if ticket.returns_until is not None and self.now() >= ticket.returns_until:
            raise Refusal("too_late")
        if not 0 < cents <= ticket.used:
            raise Refusal("too_high")
        if cents != ticket.used and not ticket.parts_back:
            raise Refusal("whole")
        ticket.used -= cents


def _end_of_day(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
