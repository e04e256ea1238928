"""The simulated AssioPay as a far side of connectors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from tools.testing.far_sides.assiopay.server import AssioPayIssuer
from tools.testing.far_sides.issuer import IssuerSide
from tools.testing.far_sides.issuer_books import IssuerBooks

_LOGINS = {"shop@example.org": "a password of the shop", "other@example.org": "a password of another"}


class AssioPaySide(IssuerSide):
    """The port ``VoucherFarSide``. ``make`` makes the issuer."""

    form = "AP{number:08d}"

    def __init__(self, make: Callable[..., AssioPayIssuer] = AssioPayIssuer) -> None:
        books = IssuerBooks(lambda: datetime.now(UTC))
        self.issuer = make(books, dict(_LOGINS))
        known = [{"api_base": self.issuer.origin, "mail": mail, "password": word} for mail, word in _LOGINS.items()]
        super().__init__(self.issuer, books, "assiopay", known[0], known[1])
