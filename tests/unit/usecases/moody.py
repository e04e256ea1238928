"""Gateways and providers in a mood: single methods of the sandbox replaced, and a note of when each was called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.domain.abilities import Abilities
from shared.domain.errors import CredentialsRefused, OutcomeUnknown, Unavailable
from shared.domain.operation import Answer, State
from tests.unit.usecases.till import Till
from tools.testing.fakes import FixedClock


@dataclass
class Moody:
    """A port around the sandbox in which the methods named in ``moods`` do something else."""

    inner: Any
    moods: dict[str, Callable[..., Any]]
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    clock: FixedClock | None = None
    able: Abilities | None = None

    @property
    def abilities(self) -> Abilities:
        return self.able or self.inner.abilities

    def __getattr__(self, name: str) -> Any:
        def call(*given: Any) -> Any:
            if self.clock is not None:
                self.asked.append((name, self.clock()))
            return self.moods.get(name, getattr(self.inner, name))(*given)

        return call


@dataclass
class MoodyGateways:
    inner: Any
    moods: dict[str, Callable[..., Any]] = field(default_factory=dict)
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    clock: FixedClock | None = None
    abilities: Abilities | None = None

    def card(self, payment: Any) -> Any:
        return Moody(self.inner.card(payment), self.moods, self.asked, self.clock, self.abilities)

    def voucher(self, payment: Any, name: str) -> Any:
        return Moody(self.inner.voucher(payment, name), self.moods, self.asked, self.clock)

    def method(self, payment: Any) -> Any:
        return Moody(self.inner.method(payment), self.moods, self.asked, self.clock)

    def times(self, name: str) -> list[datetime]:
        return [when for called, when in self.asked if called == name]


def a_moody_till() -> tuple[Till, MoodyGateways]:
    till = Till()
    gateways = MoodyGateways(till.world.gateways, clock=till.world.now)
    object.__setattr__(till.world, "gateways", gateways)
    return till, gateways


def is_down(*given: Any) -> Any:
    raise Unavailable("down")


def lets_nobody_in(*given: Any) -> Any:
    raise CredentialsRefused("not with these")


def says_nothing(*given: Any) -> Any:
    raise OutcomeUnknown("no answer")


def is_pending(*given: Any) -> Answer:
    return Answer(State.UNKNOWN)
