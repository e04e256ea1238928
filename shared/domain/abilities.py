"""What a card gateway can do, as each connector declares it: what cannot work is refused before money moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shared.domain.operation import Kind

ALL: Final = frozenset({Kind.PREAUTH, Kind.CAPTURE, Kind.VOID, Kind.REFUND, Kind.SALE})


@dataclass(frozen=True, slots=True)
class Abilities:
    """``asks``: the calls of ours whose lost answer it can be asked for; a card page can always be asked about.

    ``repeats``: those that may be made again instead. What is in neither is for a person. ``closes_pages``: a page
    takes no more cards when that is asked for. ``hold_days``: how long a hold stands there.
    """

    asks: frozenset[Kind] = ALL
    repeats: frozenset[Kind] = frozenset()
    closes_pages: bool = True
    hold_days: int = 7
