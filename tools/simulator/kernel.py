"""Simulated time and the processes in it. One seed, one order of events, the same in every run."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

import greenlet

START: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MICRO: Final = 1_000_000


class Crash(BaseException):
    """The process died where it stood, as a Lambda does that was killed: nothing it had in hand happens any more."""


class Signal:
    """Something others wait for; it is set once."""

    __slots__ = ("_waiting", "is_set", "value")

    def __init__(self) -> None:
        self.is_set = False
        self.value: Any = None
        self._waiting: list[Callable[[], None]] = []

    def set(self, value: Any = None) -> None:
        if not self.is_set:
            self.is_set, self.value = True, value
            for go_on in self._waiting:
                go_on()

    def when_set(self, go_on: Callable[[], None]) -> None:
        self._waiting.append(go_on)


class Process:
    """One call in flight: a Lambda's invocation, an execution, a person. ``random`` is its own and nobody else's."""

    __slots__ = ("deadline", "done", "drag", "error", "green", "name", "quiet", "random", "result", "skew", "strikes")

    def __init__(self, name: str, seed: str) -> None:
        self.name = name
        self.random = Random(f"{seed}/{name}")  # noqa: S311 - a simulation, not a secret
        self.deadline: int | None = None
        self.skew = timedelta()
        self.done = Signal()
        self.result: Any = None
        self.error: BaseException | None = None
        self.quiet = False  # nothing strikes it any more
        self.strikes = 0
        self.drag = 0.02  # the longest a healthy call to a port takes, in seconds, each way
        self.green: Any = None


class Kernel:
    """Runs one process at a time until it sleeps or waits, then whoever is next in simulated time."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.events = 0
        self.now = 0  # microseconds since START
        self.current: Process | None = None
        self.ended: Callable[[Process], None] = lambda process: None
        self._random = Random(f"{seed}/kernel")  # noqa: S311
        self._queue: list[tuple[int, float, int, Callable[[], None]]] = []
        self._count = 0
        self._alive: dict[Process, None] = {}
        self._hub = greenlet.getcurrent()

    def clock(self) -> datetime:
        """The time as the running process sees it; its own clock may be a little off."""
        moment = START + timedelta(microseconds=self.now)
        return moment + self.current.skew if self.current is not None else moment

    def at(self, moment: int, action: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._queue, (moment, self._random.random(), self._count, action))

    def spawn(self, name: str, body: Callable[[], Any], *, seconds_to_live: float | None = None) -> Process:
        """Start a process now. It is killed when ``seconds_to_live`` have passed, wherever it stands."""
        process = Process(name, self.seed)
        if seconds_to_live is not None:
            process.deadline = self.now + int(seconds_to_live * MICRO)
        process.green = greenlet.greenlet(lambda: self._body(process, body), parent=self._hub)
        self._alive[process] = None
        self.at(self.now, lambda: self._switch(process))
        return process

    def sleep(self, seconds: float) -> None:
        """Let ``seconds`` pass for the running process; others run meanwhile."""
        process = self._running()
        until = self.now + max(int(seconds * MICRO), 0)
        if process.deadline is not None and until >= process.deadline:
            self.at(process.deadline, lambda: self._switch(process, Crash("out of time")))
        else:
            self.at(until, lambda: self._switch(process))
        self._hub.switch()

    def wait(self, signal: Signal, seconds: float | None = None) -> bool:
        """Wait until ``signal`` is set; False when ``seconds`` passed first."""
        if signal.is_set:
            return True
        process = self._running()
        woken = False

        def go_on() -> None:
            nonlocal woken
            if not woken:
                woken = True
                self.at(self.now, lambda: self._switch(process))

        signal.when_set(go_on)
        if seconds is not None:
            self.at(self.now + int(seconds * MICRO), go_on)
        self._hub.switch()
        return signal.is_set

    def kill(self, process: Process) -> None:
        """End a process that is asleep or waiting."""
        if not process.done.is_set:
            self.at(self.now, lambda: self._switch(process, Crash("killed")))

    def jump(self, seconds: float) -> None:
        """The clock leaps ahead; whatever was due in between is late."""
        self.now += int(seconds * MICRO)

    def run(self, until: int, most_events: int) -> bool:
        """Run until nothing is left to do (True), or the time or the number of events is over (False)."""
        while self._queue:
            self.events += 1
            if self.events > most_events:
                return False
            moment, _, _, action = heapq.heappop(self._queue)
            if moment > until:
                return False
            self.now = max(self.now, moment)
            action()
        return True

    def close(self) -> None:
        """Kill whatever is still alive, so that nothing outlives the simulation."""
        for process in list(self._alive):
            self._switch(process, Crash("the simulation is over"))

    def _running(self) -> Process:
        if self.current is None:
            raise RuntimeError("only a process can let time pass")
        return self.current

    def _switch(self, process: Process, error: Crash | None = None) -> None:
        if process.done.is_set:
            return
        self.current = process
        if error is None:
            process.green.switch()
        elif not process.green:  # it never came to run
            self._over(process, error)
        else:
            process.green.throw(error)
        self.current = None

    def _body(self, process: Process, body: Callable[[], Any]) -> None:
        try:
            process.result = body()
        except greenlet.GreenletExit:
            raise
        except BaseException as error:  # every way a process can end is of interest to whoever waits for it
            self._over(process, error)
        else:
            self._over(process, None)

    def _over(self, process: Process, error: BaseException | None) -> None:
        process.error = error
        self._alive.pop(process, None)
        self.ended(process)
        process.done.set()
