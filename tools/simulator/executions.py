"""The state machine service: runs the real definition, parks on task tokens, loses an execution now and then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from shared.domain.errors import TokenGone, Unavailable
from shared.domain.ids import PaymentId
from tools.simulator.interpreter import ExecutionFailed, Invoke, Machine, Pause, Request, Run, TaskFailed
from tools.simulator.kernel import Crash, Kernel, Process, Signal
from tools.simulator.storm import LAMBDA_SECONDS, STORE, Errors, Storm

Name = tuple[PaymentId, int]
OF_FLOW: Final = Errors(Unavailable, Unavailable)


@dataclass
class Executions:
    """The port ``Flow``. ``perform`` does what the function behind a Task does."""

    kernel: Kernel
    storm: Storm
    machine: Machine
    perform: Callable[[str, dict[str, Any]], dict[str, Any]]
    lose_rate: float
    status: dict[Name, str] = field(default_factory=dict)
    _tokens: dict[str, Signal] = field(default_factory=dict)
    _calls: dict[str, int] = field(default_factory=dict)

    def start(self, payment_id: PaymentId, execution: int) -> None:
        self.storm.call("flow.start", lambda: self._start((payment_id, execution)), STORE, OF_FLOW)

    def is_running(self, payment_id: PaymentId, execution: int) -> bool:
        name = (payment_id, execution)
        return self.storm.call("flow.is_running", lambda: self.status.get(name) == "RUNNING", STORE, OF_FLOW)

    def wake(self, token: str, word: str) -> None:
        def act() -> bool:
            signal = self._tokens.pop(token, None)
            if signal is None:
                return False
            signal.set({"word": word})
            return True

        if not self.storm.call(f"flow.wake {word}", act, STORE, OF_FLOW):
            raise TokenGone("nobody waits on this token any more")

    def running(self) -> list[str]:
        return [f"{payment}-{n}" for (payment, n), status in self.status.items() if status == "RUNNING"]

    def _start(self, name: Name) -> None:
        if name in self.status:
            return
        self.status[name] = "RUNNING"
        payment, number = name
        self.kernel.spawn(f"{payment}-{number}", lambda: self._run(name))

    def _run(self, name: Name) -> None:
        run = self.machine.run({"paymentId": name[0], "resume": name[1] > 1}, lambda: self._new_token(name))
        try:
            request = next(run)
            while True:
                request = self._answered(name, run, request)
        except StopIteration:
            self.status[name] = "SUCCEEDED"
        except ExecutionFailed:
            self.status[name] = "FAILED"
        self.storm.note(f"execution {self.status[name]}")

    def _answered(self, name: Name, run: Run, request: Request) -> Request:
        if self._is_lost(name):
            raise ExecutionFailed("stopped")
        try:
            result = self._served(name, request)
        except TaskFailed as failure:
            return run.throw(failure)
        return run.send(result)

    def _is_lost(self, name: Name) -> bool:
        process = self.kernel.current
        assert process is not None
        roll = process.random.random()
        lost = roll < self.lose_rate and "losses" not in self.storm.without
        if lost:
            self.storm.last_trouble = self.kernel.now
        return lost

    def _served(self, name: Name, request: Request) -> dict[str, Any]:
        if isinstance(request, Pause):
            self.kernel.sleep(request.seconds)
            return {}
        signal = Signal()
        if request.token is not None:
            self._tokens[request.token] = signal
        process = self._invoke(name, request)
        process.done.when_set(lambda: self._returned(process, request, signal))
        gives_up = self._gives_up(name, request)
        if gives_up:
            process.drag = 4 * gives_up  # it hangs, which is why it is given up; and lives on
            self.storm.last_trouble = self.kernel.now
        if not self.kernel.wait(signal, gives_up or request.timeout):
            self._tokens.pop(request.token or "", None)
            raise TaskFailed("States.TaskFailed" if gives_up else "States.Timeout")
        if signal.value is None:
            raise TaskFailed
        result: dict[str, Any] = signal.value
        return result

    def _gives_up(self, name: Name, request: Invoke) -> float | None:
        """The service loses sight of a step that goes on running, and will make it a second time."""
        process = self.kernel.current
        assert process is not None
        roll, seconds = process.random.random(), process.random.uniform(0.01, 5)
        strikes = roll < self.storm.weather.given_up and request.token is None
        strikes = strikes and self.storm.is_rough() and "given up" not in self.storm.without
        return seconds if strikes else None

    def _returned(self, process: Process, request: Invoke, signal: Signal) -> None:
        failed = process.error is not None
        if failed and isinstance(process.error, Crash | Exception):
            self._tokens.pop(request.token or "", None)
            signal.set(None)
        elif request.token is None:
            signal.set(process.result)

    def _invoke(self, name: Name, request: Invoke) -> Process:
        title = f"{name[0]}-{name[1]} {request.state}"
        self._calls[title] = self._calls.get(title, 0) + 1
        return self.kernel.spawn(
            f"{title} #{self._calls[title]}",
            lambda: self.perform(request.function, request.payload),
            seconds_to_live=LAMBDA_SECONDS,
        )

    def _new_token(self, name: Name) -> str:
        title = f"{name[0]}-{name[1]} token"
        self._calls[title] = self._calls.get(title, 0) + 1
        return f"{title} #{self._calls[title]}"
