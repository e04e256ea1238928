"""Lists that are asked for by page number, and say how much there is in all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Generic, Protocol, TypeVar

from shared.domain.record import dataclass

MOST_COUNTED: Final = 10_000  # beyond this a list is to be narrowed by time


class Dated(Protocol):
    @property
    def created_at(self) -> datetime: ...


Thing = TypeVar("Thing", bound=Dated)


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

    def of(self, things: Iterable[Thing]) -> Listed[Thing]:
        """This page of what is all at hand."""
        within = [
            thing
            for thing in things
            if (self.after is None or thing.created_at > self.after)
            and (self.before is None or thing.created_at < self.before)
        ]
        counted = sorted(within, key=lambda thing: thing.created_at, reverse=True)[:MOST_COUNTED]
        return Listed(counted[self.first : self.past], len(counted))


@dataclass(frozen=True, slots=True)
class Listed(Generic[Thing]):
    """The things of one page, newest first; ``count`` is of all pages, exact up to ``MOST_COUNTED``."""

    items: list[Thing]
    count: int
