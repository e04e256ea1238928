"""Lists that are asked for by page number, and say how much there is in all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

MOST_COUNTED: Final = 10_000  # beyond this a list is to be narrowed by time

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class NumberedPage:
    """``number`` counts from 1; only what was created after ``after`` and before ``before``, neither included."""

    number: int = 1
    size: int = 20
    after: datetime | None = None
    before: datetime | None = None

    @property
    def first(self) -> int:
        """How many things come before this page."""
        return (self.number - 1) * self.size

    @property
    def past(self) -> int:
        return self.number * self.size


@dataclass(frozen=True, slots=True)
class Listed(Generic[Thing]):
    """The things of one page, newest first; ``count`` is of all pages, exact up to ``MOST_COUNTED``."""

    items: list[Thing]
    count: int
