"""Every port in memory, with the same rules as the real adapter: the storage contract tests run on both."""

from tests.fakes.allowances import FakeAllowances
from tests.fakes.books import FakeBooks
from tests.fakes.cards import FakeCards, FakeVault
from tests.fakes.clock import NOON, FixedClock, SeededEntropy
from tests.fakes.disputes import FakeDisputes, FakeEvidence
from tests.fakes.events import FakeEvents
from tests.fakes.flow import FakeFlow
from tests.fakes.idempotency import FakeIdempotency
from tests.fakes.links import FakeLinks
from tests.fakes.merchants import FakeMerchants
from tests.fakes.messenger import FakeMessenger, Sent
from tests.fakes.payments import FakePayments
from tests.fakes.world import FakeWorld, world

__all__ = [
    "NOON",
    "FakeAllowances",
    "FakeBooks",
    "FakeCards",
    "FakeDisputes",
    "FakeEvents",
    "FakeEvidence",
    "FakeFlow",
    "FakeIdempotency",
    "FakeLinks",
    "FakeMerchants",
    "FakeMessenger",
    "FakePayments",
    "FakeVault",
    "FakeWorld",
    "FixedClock",
    "SeededEntropy",
    "Sent",
    "world",
]
