"""The shortest story that still breaks: faults and people are left out for as long as it does."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from tools.simulator.simulation import Outcome, Simulation

MOST_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Shrunk:
    """``outcome`` has a history; ``tries`` is how many simulations it took to find it."""

    outcome: Outcome
    without: frozenset[str]
    tries: int


def shrink(seed: int, seconds: float = MOST_SECONDS) -> Shrunk:
    """Leave out half of everything, then quarters, and so on down to single faults."""
    until = time.monotonic() + seconds
    best, without, tries = Simulation(seed).run(), frozenset[str](), 0
    size = max(len(_parts(best)) // 2, 1)
    while size >= 1:
        parts = _parts(best)
        smaller = None
        for start in range(0, len(parts), size):
            if time.monotonic() > until:
                break
            tries += 1
            candidate = without | frozenset(parts[start : start + size])
            outcome = Simulation(seed, candidate).run()
            if outcome.broken and len(_parts(outcome)) < len(parts):
                smaller = outcome, candidate
                break
        if smaller is None:
            size = size // 2
        else:
            best, without = smaller
            size = max(min(size, len(_parts(best)) // 2), 1)
    return Shrunk(Simulation(seed, without, telling=True).run(), without, tries)


def _parts(outcome: Outcome) -> list[str]:
    return [*outcome.actors, *dict.fromkeys(strike.where for strike in outcome.strikes)]
