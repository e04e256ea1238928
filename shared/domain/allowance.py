"""So many in a minute or an hour: what anybody may do, who took a key from a shop's page or has none."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from shared.domain.record import dataclass

SHARDS: Final = 4  # records over which one count is spread, so that a busy shop makes none of them hot
MINUTE: Final = 60
HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most ``most`` of what is counted under ``name`` in each ``seconds`` of the clock, a minute unless said."""

    name: str
    most: int
    seconds: int = MINUTE

    def share(self, shard: int) -> int:
        """How many of them one shard may hold; all shards together hold exactly ``most``."""
        return self.most // SHARDS + (shard < self.most % SHARDS)


@dataclass(frozen=True, slots=True)
class Place:
    """One of them, taken: in which shard, and in which minute, or other such time."""

    name: str
    span: int
    shard: int
    seconds: int = MINUTE


def span_of(allowance: Allowance, now: datetime) -> int:
    """Which minute, or other such time, it is, counted from 1970."""
    return int(now.timestamp()) // allowance.seconds


def end_of(place: Place) -> int:
    """The second, since 1970, at which a place's time is over."""
    return (place.span + 1) * place.seconds


def seconds_left(allowance: Allowance, now: datetime) -> int:
    """Whole seconds until the next such time, at least one."""
    return allowance.seconds - int(now.timestamp()) % allowance.seconds
