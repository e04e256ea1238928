"""A complete world in memory, with the sandbox's own gateway and provider unless a test brings others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.adapters.connectors import Connectors
from shared.domain import ids
from shared.ports.world import World
from tools.testing.fakes.books import FakeBooks
from tools.testing.fakes.clock import FixedClock, SeededEntropy
from tools.testing.fakes.connectors import connector_settings
from tools.testing.fakes.events import FakeEvents
from tools.testing.fakes.flow import FakeFlow
from tools.testing.fakes.merchants import FakeMerchants
from tools.testing.fakes.messenger import FakeMessenger
from tools.testing.fakes.payments import FakePayments


@dataclass(frozen=True, slots=True)
class FakeWorld(World):
    """What a use case gets; a test sees the fakes behind the ports, and the sandbox's books."""

    payments: FakePayments
    merchants: FakeMerchants
    flow: FakeFlow
    messenger: FakeMessenger
    now: FixedClock
    entropy: SeededEntropy
    books: FakeBooks

    @property
    def events(self) -> FakeEvents:
        return self.payments.events


def world(**overrides: Any) -> FakeWorld:
    """A new world; ``overrides`` are fields of it, such as ``gateways`` or ``checkout_seconds``."""
    clock = overrides.get("now", FixedClock())
    books = overrides.get("books", FakeBooks())
    made: dict[str, Any] = {
        "payments": FakePayments(),
        "merchants": FakeMerchants(clock),
        "gateways": Connectors(connector_settings(books, clock)),
        "flow": FakeFlow(),
        "messenger": FakeMessenger(),
        "now": clock,
        "entropy": SeededEntropy(),
        "checkout_seconds": 1800,
        "pause": _at_once,
        "event_id": ids.event_id,
        "books": books,
    }
    return FakeWorld(**{**made, **overrides})


def _at_once(attempt: int) -> None:
    """Fakes are never congested."""
