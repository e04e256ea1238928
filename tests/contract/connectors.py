"""What both connector suites stand on: one row with its far side, and what a call with a fault may come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import signature
from itertools import product
from types import ModuleType
from typing import Any

from shared.domain.errors import OutcomeUnknown, Unavailable
from shared.domain.operation import Answer, State
from tools.testing.far_sides.switch import Fault, Switch


@dataclass(frozen=True, slots=True)
class Sentence:
    """One test of a suite with its parameters filled in, all but the ground it stands on."""

    name: str
    call: Callable[[Any], None]


def sentences(suite: ModuleType) -> list[Sentence]:
    """Every test of ``suite`` that takes a ground, once per set of its parameters."""
    tests = [test for name, test in vars(suite).items() if name.startswith("test_")]
    return [sentence for test in tests if "ground" in signature(test).parameters for sentence in _filled(test)]


def _filled(test: Callable[..., None]) -> Iterator[Sentence]:
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    for values in product(*(mark.args[1] for mark in marks)):
        given = {mark.args[0]: value for mark, value in zip(marks, values, strict=True)}
        name = "-".join([test.__name__, *(str(value) for value in given.values())])
        yield Sentence(name, lambda ground, given=given: test(ground=ground, **given))  # type: ignore[misc]


def struck(switch: Switch, fault: Fault, call: Callable[[], object]) -> bool:
    """Make a call while ``fault`` strikes. True when it is unknown what came of it, False when surely nothing did.

    Anything else, an answer above all, is a guess about money.
    """
    with switch.at(fault):
        try:
            given = call()
        except OutcomeUnknown:
            return True
        except Unavailable:
            return False
    raise AssertionError(f"it made {given} of an answer that it never got ({fault})")


def succeeded(answer: Answer) -> Answer:
    assert answer.state is State.SUCCEEDED, answer
    return answer


def refused(answer: Answer) -> Answer:
    assert answer.state is State.REFUSED, answer
    assert answer.code
    return answer
