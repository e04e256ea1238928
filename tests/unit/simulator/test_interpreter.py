"""The interpreter does what the service does, and refuses what it was not taught."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tools.simulator.interpreter import (
    ExecutionFailed,
    Invoke,
    Machine,
    NotSupported,
    Pause,
    Request,
    TaskFailed,
    load,
    parse,
)

ARN = "arn:aws:lambda:eu-south-1:000000000000:function:"
RETRY = {"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 2}


def a_task(**more: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": f"{ARN}Work",
        "Parameters": {"paymentId.$": "$.paymentId"},
        "ResultPath": "$.step",
        "Next": "Done",
        **more,
    }


def a_machine(**states: Any) -> Machine:
    return parse({"StartAt": "Work", "States": {"Work": a_task(), "Done": {"Type": "Succeed"}, **states}})


def played(machine: Machine, answer: Callable[[Request], Any], data: dict[str, Any] | None = None) -> list[Request]:
    """Everything the execution asked for, when each request is answered by ``answer``."""
    run = machine.run(data or {"paymentId": "p", "resume": False}, lambda: "token")
    asked: list[Request] = []
    try:
        request = next(run)
        while True:
            asked.append(request)
            answered = answer(request)
            request = run.throw(answered) if isinstance(answered, Exception) else run.send(answered)
    except StopIteration:
        return asked


def test_real_definition_is_understood() -> None:
    assert "CaptureCard" in load().states


def test_task_gets_its_parameters() -> None:
    (request,) = played(a_machine(), lambda request: {"word": "done"})

    assert request == Invoke("Work", "Work", {"paymentId": "p"})


def test_failed_task_is_retried_with_growing_pauses_and_then_fails_the_execution() -> None:
    machine = a_machine(Work=a_task(Retry=[RETRY]))
    asked: list[Request] = []

    def answer(request: Request) -> Any:
        asked.append(request)
        return {} if isinstance(request, Pause) else TaskFailed()

    with pytest.raises(ExecutionFailed):
        played(machine, answer)
    assert [request for request in asked if isinstance(request, Pause)] == [Pause(2), Pause(4)]
    assert sum(isinstance(request, Invoke) for request in asked) == 3


def test_error_that_no_retry_names_is_not_retried() -> None:
    machine = a_machine(Work=a_task(Retry=[RETRY]))

    with pytest.raises(ExecutionFailed):
        played(machine, lambda request: TaskFailed("States.Timeout"))


def test_catch_leads_on_with_the_error() -> None:
    catch = {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "After"}
    after = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.error.Error", "StringEquals": "States.Timeout", "Next": "Done"}],
        "Default": "Bad",
    }
    machine = a_machine(Work=a_task(Catch=[catch]), After=after, Bad={"Type": "Fail", "Error": "Bad"})

    assert len(played(machine, lambda request: TaskFailed("States.Timeout"))) == 1


def test_wait_takes_its_seconds_from_the_result() -> None:
    machine = a_machine(Work=a_task(Next="Nap"), Nap={"Type": "Wait", "SecondsPath": "$.step.wait", "Next": "Done"})

    asked = played(machine, lambda request: {"wait": 7})

    assert asked[1] == Pause(7)


@pytest.mark.parametrize("seconds", ["7", 7.5, -1, True, None])
def test_wait_without_a_whole_number_of_seconds_fails_the_execution(seconds: object) -> None:
    machine = a_machine(Work=a_task(Next="Nap"), Nap={"Type": "Wait", "SecondsPath": "$.step.wait", "Next": "Done"})

    with pytest.raises(ExecutionFailed):
        played(machine, lambda request: {"wait": seconds})


def test_choice_of_something_that_is_not_there_fails_the_execution() -> None:
    choice = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.step.word", "StringEquals": "x", "Next": "Done"}],
        "Default": "Done",
    }
    machine = a_machine(Work=a_task(Next="Which"), Which=choice)

    with pytest.raises(ExecutionFailed):
        played(machine, lambda request: {})


def test_fail_state_fails_the_execution() -> None:
    with pytest.raises(ExecutionFailed, match="Bad"):
        played(a_machine(Work={"Type": "Fail", "Error": "Bad"}), lambda request: {})


@pytest.mark.parametrize(
    "state",
    [
        a_task(HeartbeatSeconds=5),
        a_task(TimeoutSecondsPath="$.x"),
        a_task(Resource="arn:aws:states:::sqs:sendMessage"),
        a_task(Retry=[{**RETRY, "ErrorEquals": ["Lambda.Unknown"]}]),
        a_task(Retry=[{**RETRY, "JitterStrategy": "FULL"}]),
        a_task(Next="Nowhere"),
        {"Type": "Parallel", "Branches": []},
        {"Type": "Wait", "Seconds": 5, "Next": "Done"},
        {"Type": "Choice", "Choices": []},
        {
            "Type": "Choice",
            "Default": "Done",
            "Choices": [{"Variable": "$.x", "NumericEquals": 1, "Next": "Done"}],
        },
    ],
    ids=str,
)
def test_what_it_was_not_taught_is_refused(state: dict[str, Any]) -> None:
    with pytest.raises((NotSupported, KeyError)):
        a_machine(Work=state)
