"""What the far sides of issuers share: codes made to order, and two shops that each have an account there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from shared.domain.money import Money
from shared.domain.payment import Payment
from tools.testing.builders import MERCHANT, TEST
from tools.testing.fakes import FakeCredentials, FixedClock
from tools.testing.far_sides.door import Door
from tools.testing.far_sides.issuer_books import IssuerBooks, Ticket
from tools.testing.far_sides.shops import OTHER, TwoShops
from tools.testing.far_sides.side import VoucherBook


class IssuerSide(TwoShops):
    """The port ``VoucherFarSide``, for an issuer over HTTP. ``form`` is how it writes its codes."""

    form: ClassVar[str]
    ordinary: ClassVar[Mapping[str, Any]] = {}  # what its vouchers are like
    same_day: ClassVar = False  # they are given back on the day of the sale alone

    def __init__(
        self, door: Door, books: IssuerBooks, name: str, own: Mapping[str, str], other: Mapping[str, str]
    ) -> None:
        self.books, self.clock, self.name = books, FixedClock(), name
        books.now = self.clock
        super().__init__(door, name, own, other, self.clock)

    def lend(self, credentials: FakeCredentials) -> None:
        """Puts what its shops sign in with beside those of another issuer."""
        for merchant in (MERCHANT, OTHER):
            credentials.put(merchant, TEST, self.name, self.settings.credentials.of(merchant, TEST, self.name))

    def voucher(self, cents: int) -> str:
        return self.made(cents).code

    def whole_voucher(self, cents: int) -> str | None:
        return self.made(cents, parts_back=False).code

    def passing_voucher(self, cents: int) -> str | None:
        return self.voucher(cents) if self.same_day else None

    def bad_voucher(self) -> str:
        return self.made(50_00, until=date(2020, 1, 1)).code

    def made(self, cents: int, **facts: Any) -> Ticket:
        """A voucher that is what ``facts`` say, else as this issuer's are."""
        return self.books.issue(self.form, cents, **{**self.ordinary, **facts})

    def book(self, payment: Payment, otp: str) -> VoucherBook:
        ticket = self.books.ticket(otp)
        return VoucherBook(Money(ticket.used, payment.amount.currency), ticket.notices)
