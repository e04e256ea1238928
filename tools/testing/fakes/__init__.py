"""Every port in memory, with the same rules as the real adapter: the storage contract tests run on both."""

from tools.testing.fakes.allowances import FakeAllowances
from tools.testing.fakes.bells import FakeBells
from tools.testing.fakes.books import FakeBooks
from tools.testing.fakes.cards import FakeCards, FakeVault
from tools.testing.fakes.clock import NOON, FixedClock, SeededEntropy
from tools.testing.fakes.connectors import connector_settings
from tools.testing.fakes.credentials import FakeCredentials
from tools.testing.fakes.customers import FakeCustomers
from tools.testing.fakes.disputes import FakeDesk, FakeDesks, FakeDisputes, FakeEvidence
from tools.testing.fakes.events import FakeEvents
from tools.testing.fakes.figures import FakeFigures
from tools.testing.fakes.flow import FakeFlow
from tools.testing.fakes.idempotency import FakeIdempotency
from tools.testing.fakes.links import FakeLinks
from tools.testing.fakes.logos import FakeLogos
from tools.testing.fakes.merchants import FakeMerchants
from tools.testing.fakes.messenger import FakeMessenger, Sent
from tools.testing.fakes.operators import FakeOperators
from tools.testing.fakes.orders import FakeOrders
from tools.testing.fakes.payments import FakePayments
from tools.testing.fakes.people import FakeDoings, FakeLetters, FakePeople
from tools.testing.fakes.world import FakeWorld, world

__all__ = [
    "NOON",
    "FakeAllowances",
    "FakeBells",
    "FakeBooks",
    "FakeCards",
    "FakeCredentials",
    "FakeCustomers",
    "FakeDesk",
    "FakeDesks",
    "FakeDisputes",
    "FakeDoings",
    "FakeEvents",
    "FakeEvidence",
    "FakeFigures",
    "FakeFlow",
    "FakeIdempotency",
    "FakeLetters",
    "FakeLinks",
    "FakeLogos",
    "FakeMerchants",
    "FakeMessenger",
    "FakeOperators",
    "FakeOrders",
    "FakePayments",
    "FakePeople",
    "FakeVault",
    "FakeWorld",
    "FixedClock",
    "SeededEntropy",
    "Sent",
    "connector_settings",
    "world",
]
