"""So many in a minute: what may be done with one publishable key, which anybody can take from a shop's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

SHARDS: Final = 4  # records over which one count is spread, so that a busy shop makes none of them hot
_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most ``most`` of what is counted under ``name`` in each minute of the clock."""

    name: str
    most: int

    def share(self, shard: int) -> int:
        """How many of them one shard may hold; all shards together hold exactly ``most``."""
        return self.most // SHARDS + (shard < self.most % SHARDS)


@dataclass(frozen=True, slots=True)
class Place:
    """One of them, taken: in which minute, and in which shard."""

    name: str
    minute: int
    shard: int


def minute_of(now: datetime) -> int:
    return int(now.timestamp()) // _SECONDS


def end_of(minute: int) -> int:
    """The second, since 1970, at which a minute is over."""
    return (minute + 1) * _SECONDS


def seconds_left(now: datetime) -> int:
    """Whole seconds until the next minute, at least one."""
    return _SECONDS - int(now.timestamp()) % _SECONDS
