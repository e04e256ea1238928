"""What can go wrong between a connector and its far side, and the switch that makes it go wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Damage(StrEnum):
    DOWN = "nobody answers the door"
    LOST = "the answer is lost"
    SLOW = "the answer comes after our patience"
    ERROR = "the answer is a 5xx"
    GARBAGE = "the answer cannot be read"


@dataclass(frozen=True, slots=True)
class Fault:
    """``acted`` says whether the far side did what it was asked; a question asks it to do nothing."""

    damage: Damage
    acted: bool = False
    question: bool = False

    def __str__(self) -> str:
        if self.question or self.damage is Damage.DOWN:
            return self.damage.value
        return f"{self.damage.value}, {'after' if self.acted else 'before'} it acted"


_OF_ANSWERS: Final = (Damage.LOST, Damage.SLOW, Damage.ERROR, Damage.GARBAGE)
FAULTS: Final = (Fault(Damage.DOWN), *(Fault(damage, acted) for damage in _OF_ANSWERS for acted in (False, True)))
FAULTS_OF_QUESTIONS: Final = tuple(Fault(damage, question=True) for damage in Damage)


class Switch:
    """``fault`` strikes every request while it is set. ``silent`` is set by one that is struck and gets no answer.

    ``patience``: the seconds that callers have where the answer comes after them; None ends them with the silence.
    """

    def __init__(self) -> None:
        self.fault: Fault | None = None
        self.patience: float | None = None
        self.silent = threading.Event()

    @contextmanager
    def at(self, fault: Fault) -> Iterator[None]:
        self.fault = fault
        try:
            yield
        finally:
            self.fault = None
