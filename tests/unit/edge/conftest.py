"""The edge on fakes: what ``bootstrap`` would build from the environment is in memory here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

import pytest

from shared.adapters.card_gateways.sandbox_page import SandboxCardPage
from shared.bootstrap import callers, core, records, runtime, sandbox
from shared.domain.merchant import KeyKind, Merchant, MerchantRecord
from shared.domain.payment import Environment
from shared.families.payglobe import settling
from shared.ports.merchants import NewKey
from shared.usecases.merchant.create_merchant import kept
from tools.testing.builders import a_merchant
from tools.testing.fakes import FakeAllowances, FakeIdempotency, FakeWorld, world

PUBLISHABLE = "pk_test_ShopPublishable1"
SECRET = "sk_test_ShopSecret1234"
LIVE = "sk_live_ShopSecret1234"
OTHER_SHOP = "sk_test_OtherSecret123"


@dataclass(frozen=True, slots=True)
class Edge:
    world: FakeWorld
    claims: FakeIdempotency


def _keys(publishable: str, *secrets: tuple[str, Environment]) -> list[NewKey]:
    keys = [NewKey(publishable, Environment.TEST, KeyKind.PUBLISHABLE)]
    return keys + [NewKey(value, environment, KeyKind.SECRET) for value, environment in secrets]


def _onboard(fakes: FakeWorld, merchant: Merchant, keys: list[NewKey]) -> None:
    fakes.merchants.create(MerchantRecord(merchant, keys=tuple(kept(key) for key in keys)))


def _built(value: object) -> object:
    return value


def stands_in(monkeypatch: pytest.MonkeyPatch, name: str, build: Callable[[], object]) -> None:
    """``build`` in the place of what bootstrap builds under ``name``, through whichever door it is asked for."""
    for door in (core, callers, records):
        if hasattr(door, name):
            monkeypatch.setattr(door, name, build)


class Watch:
    """A monotonic clock that only sleeping moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(settling, "time", watch)
    return watch


@pytest.fixture
def edge(monkeypatch: pytest.MonkeyPatch) -> Edge:
    """Two shops, nothing else."""
    monkeypatch.setattr("shared.edge.asking.ASK_AFTER_SECONDS", 0.0)
    fakes = world()
    claims = fakes.payments.claims
    live = (LIVE, Environment.LIVE)
    _onboard(fakes, a_merchant(), _keys(PUBLISHABLE, (SECRET, Environment.TEST), live))
    other = a_merchant(id="m_other", name="Other")
    _onboard(fakes, other, _keys("pk_test_OtherPublishable", (OTHER_SHOP, Environment.TEST)))
    built: dict[tuple[ModuleType, str], Any] = {
        (core, "world"): fakes,
        (core, "merchants"): fakes.merchants,
        (core, "payments"): fakes.payments,
        (core, "idempotency"): claims,
        (core, "allowances"): FakeAllowances(),
        (runtime, "allow_private_targets"): False,
        (sandbox, "sandbox_page"): SandboxCardPage(fakes.books, fakes.now),
    }
    for (module, name), value in built.items():
        build = partial(_built, value)
        if module is core:
            stands_in(monkeypatch, name, build)
        else:
            monkeypatch.setattr(module, name, build)
    monkeypatch.setattr(runtime, "now", fakes.now)
    monkeypatch.setattr(runtime, "entropy", fakes.entropy)
    return Edge(fakes, claims)
