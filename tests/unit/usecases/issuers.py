"""A till whose customers have vouchers of two issuers, each with its far side on a port of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from shared.adapters.connectors import Connectors
from shared.domain.payment import Environment
from tests.unit.usecases.till import Till
from tools.testing.builders import MERCHANT
from tools.testing.far_sides.assiopay.side import AssioPaySide
from tools.testing.far_sides.monni.side import MonniSide


class IssuersTill(Till):
    """``assiopay`` and ``monni`` issue the vouchers that its payments take, and are asked in this order."""

    def __init__(self, **overrides: Any) -> None:
        super().__init__(**overrides)
        self.assiopay, self.monni = AssioPaySide(), MonniSide()
        settings = self.assiopay.settings
        settings.credentials.put(  # type: ignore[attr-defined]
            MERCHANT,
            Environment.TEST,
            "monni",
            self.monni.settings.credentials.of(MERCHANT, Environment.TEST, "monni"),
        )
        for side in (self.assiopay, self.monni):
            side.books.now = self.world.now
        here = replace(settings, books=self.world.books, now=self.world.now)
        object.__setattr__(self.world, "gateways", Connectors(here))

    def held(self, *args: Any, **kwargs: Any) -> Any:
        super().held(*args, **kwargs)
        return self.change(provider="assiopay", providers=("monni",))

    def left(self, otp: str) -> int:
        """Cents that are spent of a code, by its issuer's books."""
        side = self.assiopay if otp in self.assiopay.books.tickets else self.monni
        return side.books.ticket(otp).used

    def close(self) -> None:
        self.assiopay.close()
        self.monni.close()


@contextmanager
def an_issuers_till() -> Iterator[IssuersTill]:
    till = IssuersTill()
    try:
        yield till
    finally:
        till.close()
