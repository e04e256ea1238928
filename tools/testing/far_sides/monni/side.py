"""The simulated Monni as a far side of connectors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import ClassVar

from tools.testing.far_sides.issuer import IssuerSide
from tools.testing.far_sides.issuer_books import IssuerBooks
from tools.testing.far_sides.monni.server import MonniIssuer

_KEYS = ("mk_test_of_the_shop", "mk_test_of_another")


class MonniSide(IssuerSide):
    """The port ``VoucherFarSide``. ``make`` makes the issuer."""

    form = "{number:08d}"
    ordinary: ClassVar = {"kind": "single", "divisible": False, "parts_back": False}
    same_day = True

    def __init__(self, make: Callable[..., MonniIssuer] = MonniIssuer) -> None:
        books = IssuerBooks(lambda: datetime.now(UTC))
        self.issuer = make(books, set(_KEYS))
        known = [{"api_base": self.issuer.origin, "api_key": key} for key in _KEYS]
        super().__init__(self.issuer, books, "monni", known[0], known[1])
