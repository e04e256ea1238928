"""Time that stands still until a test moves it, and entropy that repeats itself."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime, timedelta
from typing import Final

NOON: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class FixedClock:
    """The port ``Clock``: aware UTC, moved by ``advance`` only."""

    def __init__(self, start: datetime = NOON) -> None:
        self._now = start
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        with self._lock:
            return self._now

    def advance(self, seconds: float = 0, **parts: float) -> datetime:
        """Move by seconds, or by ``timedelta`` parts such as ``minutes=5``; returns the new time."""
        with self._lock:
            self._now += timedelta(seconds=seconds, **parts)
            return self._now


class SeededEntropy:
    """The port ``Entropy``: the same bytes in every run, never the same twice in one."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)
        self._lock = threading.Lock()

    def __call__(self, count: int) -> bytes:
        with self._lock:
            return self._random.randbytes(count)
