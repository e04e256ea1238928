"""Lists by page number, in memory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from shared.ports.numbered import MOST_COUNTED, Listed, NumberedPage


class Dated(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...


Thing = TypeVar("Thing", bound=Dated)


def listed(things: Iterable[Thing], page: NumberedPage) -> Listed[Thing]:
    """The page of those that match, newest first."""
    within = [
        thing
        for thing in things
        if (page.after is None or thing.created_at > page.after)
        and (page.before is None or thing.created_at < page.before)
    ]
    within.sort(key=lambda thing: thing.created_at, reverse=True)
    counted = within[:MOST_COUNTED]
    return Listed(counted[page.first : page.past], len(counted))
