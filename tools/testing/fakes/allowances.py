"""Places of a minute, counted in memory."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime

from shared.domain.allowance import Allowance, Place, seconds_left, span_of
from shared.domain.errors import TooManyRequests


class FakeAllowances:
    """The port ``Allowances``, with one shard."""

    def __init__(self) -> None:
        self._taken: Counter[Place] = Counter()
        self._lock = threading.Lock()

    def take(self, allowance: Allowance, now: datetime) -> Place:
        place = Place(allowance.name, span_of(allowance, now), 0, allowance.seconds)
        with self._lock:
            if self._taken[place] >= allowance.most:
                raise TooManyRequests(seconds_left(allowance, now))
            self._taken[place] += 1
        return place

    def give_back(self, place: Place) -> None:
        with self._lock:
            self._taken[place] = max(self._taken[place] - 1, 0)
