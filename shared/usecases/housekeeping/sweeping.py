"""How housekeeping goes through what is due: whatever is wrong with one, the others are owed their look.

What waits for one connector holds up nobody else: looks are made side by side, of one lane two at a time, and a lane
that has had its time is put off until the next run.
"""

from __future__ import annotations

import dataclasses
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import field
from datetime import datetime, timedelta
from typing import Final, Generic, NamedTuple, TypeVar, cast

from shared.domain.errors import GatewayError
from shared.domain.record import dataclass
from shared.ports.world import Clock

ABREAST: Final = 8
OF_A_LANE: Final = 2
LANE_TIME: Final = timedelta(seconds=20)
# What was begun by then may wait for three whole time-outs more before Lambda ends the run, at 55 s.
RUN_TIME: Final = timedelta(seconds=25)

Due = TypeVar("Due")
Found = TypeVar("Found")


class Swept(NamedTuple):
    """How many were due, and (id, the error's code) of those that raised; they are looked at again later.

    ``stuck``: how many of those are due still, because they could not be put back. ``put_off``: not looked at,
    because their lane or the run had no time left.
    """

    looked: int
    failed: list[tuple[str, str]]
    stuck: int = 0
    put_off: int = 0


@dataclass(frozen=True, slots=True)
class Looking(Generic[Due, Found]):
    """How one of what is due is looked at. ``lane``: all that waits for the same other side has the same.

    ``find`` reads what ``look`` is made at; one that had to wait for its turn is read anew.
    """

    find: Callable[[Due], Found]
    look: Callable[[Found], object]
    lane: Callable[[Found], str]
    name: Callable[[Due], str] = str
    put_back: Callable[[Due], object] = lambda one: None


@dataclasses.dataclass(slots=True)
class _Lane:
    """What one kind of work may still take, what of it runs and what waits for its turn."""

    ends_at: datetime
    running: int = 0
    waiting: deque[object] = field(default_factory=deque)


@dataclasses.dataclass(slots=True)
class Shift:
    """One run of housekeeping, batch after batch: ``abreast`` looks at a time, until its time is over."""

    now: Clock
    abreast: int = 1
    _ends_at: datetime = field(init=False)
    _lanes: dict[str, _Lane] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._ends_at = self.now() + RUN_TIME

    @property
    def is_over(self) -> bool:
        return self.now() >= self._ends_at

    def has_time_for(self, lane: str) -> bool:
        return self.now() < self._of(lane).ends_at

    def enters(self, lane: str, one: object) -> bool:
        """Whether it may be looked at now. If not, whoever is in the lane takes it up: ``next_in``."""
        with self._lock:
            entered = self._of(lane)
            if entered.running < OF_A_LANE:
                entered.running += 1
                return True
            entered.waiting.append(one)
            return False

    def next_in(self, lane: str) -> object | None:
        """The next to be looked at in the place of the one before; None: the place is free again."""
        with self._lock:
            left = self._of(lane)
            if left.waiting:
                return left.waiting.popleft()
            left.running -= 1
            return None

    def _of(self, lane: str) -> _Lane:
        found = self._lanes.get(lane)
        return found or self._lanes.setdefault(lane, _Lane(self.now() + LANE_TIME))

    def look_at_all(self, due: Iterable[Due], how: Looking[Due, Found]) -> Swept:
        """Look at each. One that raises is noted and put back, so that the others go first next time."""
        batch = _Batch(self, how, deque(due))
        looked = len(batch.due)
        if self.abreast == 1 or looked < 2:
            batch.work()
        else:
            from concurrent.futures import ThreadPoolExecutor  # who sweeps alone pays nothing for it

            with ThreadPoolExecutor(min(self.abreast, looked)) as threads:
                for done in [threads.submit(batch.work) for _ in range(min(self.abreast, looked))]:
                    done.result()
        return Swept(looked, batch.failed, batch.stuck, batch.put_off)


class _Batch(Generic[Due, Found]):
    """What several threads work off together."""

    def __init__(self, shift: Shift, how: Looking[Due, Found], due: deque[Due]) -> None:
        self.shift, self.how, self.due = shift, how, due
        self.failed: list[tuple[str, str]] = []
        self.stuck = self.put_off = 0
        self._lock = threading.Lock()

    def work(self) -> None:
        while (one := self._next()) is not None:
            self._begun(one)

    def _next(self) -> Due | None:
        with self._lock:
            return self.due.popleft() if self.due else None

    def _begun(self, one: Due) -> None:
        """Look at it if there is room in its lane, and then at those that there was no room for meanwhile."""
        if self.shift.is_over:
            self._put_off()  # the longest due next time, as it was
            return
        try:
            found = self.how.find(one)
            lane = self.how.lane(found)
        except Exception as error:
            self._failed(one, error)
            return
        if not self.shift.enters(lane, one):
            return
        self._looked(one, lane, lambda: found)
        while (waited := self.shift.next_in(lane)) is not None:
            following = cast("Due", waited)
            self._looked(following, lane, lambda following=following: self.how.find(following))  # type: ignore[misc]

    def _looked(self, one: Due, lane: str, find: Callable[[], Found]) -> None:
        if self.shift.is_over:
            self._put_off()
            return
        if not self.shift.has_time_for(lane):
            self._put_off()
            self._put_back(one)  # or what is due of this lane would be all that is due
            return
        try:
            self.how.look(find())
        except Exception as error:
            self._failed(one, error)

    def _put_off(self) -> None:
        with self._lock:
            self.put_off += 1

    def _failed(self, one: Due, error: Exception) -> None:
        code = error.error_code if isinstance(error, GatewayError) else type(error).__name__
        with self._lock:
            self.failed.append((self.how.name(one), code))
        self._put_back(one)

    def _put_back(self, one: Due) -> None:
        try:
            self.how.put_back(one)
        except Exception:  # then it is simply due again
            with self._lock:
                self.stuck += 1
