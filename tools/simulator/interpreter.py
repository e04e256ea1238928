"""A strict interpreter for the part of Amazon States Language that ``payment_flow.asl.json`` uses.

It knows no clock and calls nothing: ``run`` yields what the service would do and is sent what came of it, so the
unit tests drive it at once and the simulator drives it among faults. Whatever it does not know, it refuses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

DEFINITION: Final = Path(__file__).resolve().parents[2] / "statemachines" / "payment_flow.asl.json"
WAIT_FOR_TOKEN: Final = "arn:aws:states:::lambda:invoke.waitForTaskToken"  # noqa: S105 - an integration
_ARN: Final = "arn:aws:lambda:eu-south-1:000000000000:function:"
_FIELDS: Final = {
    "Task": {"Resource", "Parameters", "ResultPath", "Retry", "Catch", "TimeoutSeconds", "Next", "Comment"},
    "Choice": {"Choices", "Default", "Comment"},
    "Wait": {"SecondsPath", "Next", "Comment"},
    "Succeed": {"Comment"},
    "Fail": {"Error", "Cause", "Comment"},
}
_RETRY: Final = {"ErrorEquals", "IntervalSeconds", "BackoffRate", "MaxAttempts"}
_CATCH: Final = {"ErrorEquals", "ResultPath", "Next"}
_RULE: Final = {"Variable", "StringEquals", "BooleanEquals", "Next"}
_ERRORS: Final = {"States.ALL", "States.TaskFailed", "States.Timeout"}

Data = dict[str, Any]


class NotSupported(Exception):
    """The definition uses something this interpreter was not taught."""


class TaskFailed(Exception):
    """A task ended with an error: ``States.TaskFailed`` or ``States.Timeout``."""

    def __init__(self, error: str = "States.TaskFailed") -> None:
        super().__init__(error)
        self.error = error


class ExecutionFailed(Exception):
    """The execution is over without success: a Fail state, or an error nobody caught."""


@dataclass(frozen=True, slots=True)
class Invoke:
    """Call ``function``. With ``token`` the result is what the token is woken with, within ``timeout`` seconds."""

    state: str
    function: str
    payload: Data
    token: str | None = None
    timeout: int | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    seconds: int


Request = Invoke | Pause
Run = Generator[Request, Data, None]


@dataclass(frozen=True, slots=True)
class Machine:
    """A definition whose every field was found to be known."""

    start: str
    states: Mapping[str, Data]

    def run(
        self, data: Data, new_token: Callable[[], str], *, entered: Callable[[str], object] = lambda state: None
    ) -> Run:
        """The execution of one input. Raises ExecutionFailed; ends quietly in a Succeed state.

        ``entered`` is told each state, in order: that many transitions the service would charge for.
        """
        name: str | None = self.start
        while name is not None:
            entered(name)
            state = self.states[name]
            match state["Type"]:
                case "Task":
                    data, name = yield from _task(name, state, data, new_token)
                case "Choice":
                    name = _choice(state, data)
                case "Wait":
                    yield Pause(_seconds(state, data))
                    name = state["Next"]
                case "Fail":
                    raise ExecutionFailed(state["Error"])
                case _:
                    name = None


@cache
def load(path: Path = DEFINITION, backstop_seconds: int = 90_000) -> Machine:
    """The definition as deployed: its substitutions made as the template makes them. Raises NotSupported."""
    text = path.read_text().replace("${CheckoutBackstopSeconds}", str(backstop_seconds))
    return parse(json.loads(re.sub(r"\$\{(\w+)\}", rf"{_ARN}\1", text)))


def parse(definition: Data) -> Machine:
    if set(definition) - {"Comment", "StartAt", "States"}:
        raise NotSupported(f"top level: {sorted(definition)}")
    states: dict[str, Data] = definition["States"]
    for name, state in states.items():
        _check(name, state)
        for target in _targets(state):
            if target not in states:
                raise NotSupported(f"{name} leads to {target}, which does not exist")
    return Machine(definition["StartAt"], states)


def _check(name: str, state: Data) -> None:
    known = _FIELDS.get(state["Type"])
    if known is None or set(state) - known - {"Type"}:
        raise NotSupported(f"{name}: {state['Type']} with {sorted(state)}")
    for rule in state.get("Choices", []):
        if set(rule) - _RULE or len(rule) != 3:
            raise NotSupported(f"{name}: choice rule {rule}")
    for part, known in (("Retry", _RETRY), ("Catch", _CATCH)):
        for rule in state.get(part, []):
            if set(rule) - known or set(rule["ErrorEquals"]) - _ERRORS:
                raise NotSupported(f"{name}: {part} {rule}")
    if state["Type"] == "Choice" and "Default" not in state:
        raise NotSupported(f"{name}: a choice without a default")
    resource = state.get("Resource", WAIT_FOR_TOKEN)
    if resource != WAIT_FOR_TOKEN and not resource.startswith(_ARN):
        raise NotSupported(f"{name}: resource {resource}")


def _targets(state: Data) -> list[str]:
    named = [state.get("Next"), state.get("Default")]
    named += [rule["Next"] for part in ("Choices", "Catch") for rule in state.get(part, [])]
    return [target for target in named if target is not None]


def _task(
    name: str, state: Data, data: Data, new_token: Callable[[], str]
) -> Generator[Request, Data, tuple[Data, str]]:
    tries = [0] * len(state.get("Retry", []))
    while True:
        try:
            result = yield _invocation(name, state, data, new_token)
        except TaskFailed as failure:
            seconds = _retried(state, failure.error, tries)
            if seconds is not None:
                yield Pause(seconds)
                continue
            for catcher in state.get("Catch", []):
                if _matches(catcher["ErrorEquals"], failure.error):
                    return _put(data, catcher["ResultPath"], {"Error": failure.error}), catcher["Next"]
            raise ExecutionFailed(f"{name}: {failure.error}") from failure
        return _put(data, state["ResultPath"], result), state["Next"]


def _invocation(name: str, state: Data, data: Data, new_token: Callable[[], str]) -> Invoke:
    parameters, resource = state["Parameters"], state["Resource"]
    timeout = state.get("TimeoutSeconds")
    if resource != WAIT_FOR_TOKEN:
        return Invoke(name, resource.removeprefix(_ARN), _filled(parameters, data, None), timeout=timeout)
    token = new_token()
    function = parameters["FunctionName"].removeprefix(_ARN)
    return Invoke(name, function, _filled(parameters["Payload"], data, token), token, timeout)


def _retried(state: Data, error: str, tries: list[int]) -> int | None:
    for n, rule in enumerate(state.get("Retry", [])):
        if _matches(rule["ErrorEquals"], error):
            if tries[n] >= rule["MaxAttempts"]:
                return None
            tries[n] += 1
            return int(rule["IntervalSeconds"] * rule["BackoffRate"] ** (tries[n] - 1))
    return None


def _matches(names: list[str], error: str) -> bool:
    return "States.ALL" in names or error in names


def _choice(state: Data, data: Data) -> str:
    for rule in state["Choices"]:
        wanted = rule["StringEquals"] if "StringEquals" in rule else rule["BooleanEquals"]
        found = _at(data, rule["Variable"])
        if type(found) is type(wanted) and found == wanted:
            return str(rule["Next"])
    return str(state["Default"])


def _seconds(state: Data, data: Data) -> int:
    seconds = _at(data, state["SecondsPath"])
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 0:
        raise ExecutionFailed("States.Runtime: SecondsPath is not a whole number of seconds")
    return seconds


def _filled(template: Data, data: Data, token: str | None) -> Data:
    filled: Data = {}
    for name, value in template.items():
        if not name.endswith(".$"):
            raise NotSupported(f"parameter {name}")
        filled[name[:-2]] = token if value == "$$.Task.Token" else _at(data, value)
    return filled


def _at(data: Data, path: str) -> Any:
    if not re.fullmatch(r"\$(\.\w+)+", path):
        raise NotSupported(f"path {path}")
    found: Any = data
    for part in path.split(".")[1:]:
        if not isinstance(found, dict) or part not in found:
            raise ExecutionFailed(f"States.Runtime: {path} is not there")
        found = found[part]
    return found


def _put(data: Data, path: str, value: Any) -> Data:
    if not re.fullmatch(r"\$\.\w+", path):
        raise NotSupported(f"result path {path}")
    return {**data, path[2:]: value}
