"""The real state machine, run at once: executions go on when they are pumped and stand still in between."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from shared.domain.errors import TokenGone
from shared.domain.ids import PaymentId
from tools.simulator.interpreter import ExecutionFailed, Invoke, Pause, Run, TaskFailed, load
from tools.simulator.steps import perform
from tools.testing.fakes import FakeWorld, FixedClock


class Machines:
    """The port ``Flow``."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        self.world: FakeWorld | None = None
        self.states: list[str] = []
        self.results: dict[str, str] = {}
        self._runs: dict[tuple[PaymentId, int], Run] = {}
        self._ready: list[tuple[tuple[PaymentId, int], dict[str, Any] | Exception | None]] = []
        self._parked: dict[str, tuple[PaymentId, int]] = {}
        self._asleep: list[tuple[Any, tuple[PaymentId, int]]] = []
        self._tokens = count(1)
        self.crashes = 0  # how many of the next steps die

    def start(self, payment_id: PaymentId, execution: int) -> None:
        name = (payment_id, execution)
        if name not in self._runs:
            data = {"paymentId": payment_id, "resume": execution > 1}
            self._runs[name] = load().run(data, lambda: f"token-{next(self._tokens)}")
            self._ready.append((name, None))

    def is_running(self, payment_id: PaymentId, execution: int) -> bool:
        name = (payment_id, execution)
        return name in self._runs and self._name(name) not in self.results

    def wake(self, token: str, word: str) -> None:
        name = self._parked.pop(token, None)
        if name is None:
            raise TokenGone("nobody waits on this token any more")
        self._ready.append((name, {"word": word}))

    def lose(self, payment_id: PaymentId, execution: int = 1) -> None:
        """The execution is gone, as if somebody had stopped it."""
        name = (payment_id, execution)
        self.results[self._name(name)] = "ABORTED"
        self._parked = {token: run for token, run in self._parked.items() if run != name}
        self._asleep = [sleeper for sleeper in self._asleep if sleeper[1] != name]
        self._ready = [ready for ready in self._ready if ready[0] != name]

    def pump(self) -> None:
        """Go on until every execution is parked, asleep or over."""
        while self._ready:
            name, result = self._ready.pop(0)
            self._advance(name, result)

    def wakes_at(self) -> Any:
        return min((when for when, _ in self._asleep), default=None)

    def ring(self) -> None:
        """Let go on whoever slept until now."""
        now = self.clock()
        self._ready += [(name, {}) for when, name in self._asleep if when <= now]
        self._asleep = [sleeper for sleeper in self._asleep if sleeper[0] > now]

    def _advance(self, name: tuple[PaymentId, int], result: dict[str, Any] | Exception | None) -> None:
        run = self._runs[name]
        try:
            if isinstance(result, Exception):
                request = run.throw(result)
            else:
                request = next(run) if result is None else run.send(result)
        except StopIteration:
            self.results[self._name(name)] = "SUCCEEDED"
            return
        except ExecutionFailed:
            self.results[self._name(name)] = "FAILED"
            return
        if isinstance(request, Pause):
            self._asleep.append((self.clock() + timedelta(seconds=request.seconds), name))
        else:
            self._invoke(name, request)

    def _invoke(self, name: tuple[PaymentId, int], request: Invoke) -> None:
        assert self.world is not None
        self.states.append(request.state)
        if request.token is not None:
            self._parked[request.token] = name
        if self.crashes:
            self.crashes -= 1
            self._ready.append((name, TaskFailed()))
            return
        result = perform(request.function, request.payload, world=self.world)
        if request.token is None:
            self._ready.append((name, result))

    @staticmethod
    def _name(name: tuple[PaymentId, int]) -> str:
        return f"{name[0]}-{name[1]}"
