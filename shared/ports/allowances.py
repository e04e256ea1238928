"""Counting what may be done so often in a minute or an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from shared.domain.allowance import Allowance, Place


class Allowances(Protocol):
    """Counts are exact: however many ask at once, no more than allowed are let through in one minute of the clock,
    or in whatever time the allowance is for."""

    def take(self, allowance: Allowance, now: datetime) -> Place:
        """A place of this minute. Raises TooManyRequests, which says in how many seconds the next one begins."""
        ...

    def give_back(self, place: Place) -> None:
        """It did not come to what is counted. To be called once; a place that is lost is free again in a minute."""
        ...
