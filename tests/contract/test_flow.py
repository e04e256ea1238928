"""What the port ``Flow`` promises, in memory and on a real state machine of the local cloud."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from shared.adapters.step_functions import StepFunctionsFlow
from shared.domain.errors import TokenGone
from shared.domain.ids import PaymentId
from shared.ports.flow import Flow
from tests.client import PATIENCE
from tests.contract.conftest import CLOUD
from tools.local.cloud import Cloud
from tools.local.deploy import client as cloud_client
from tools.testing.builders import a_payment
from tools.testing.fakes import FakeFlow

ROLE = "arn:aws:iam::000000000000:role/flow"


class Machine:
    """A machine that hands its task token to a queue and waits, and the adapter in front of it."""

    def __init__(self, cloud: Cloud) -> None:
        self.states: Any = cloud_client(cloud, "stepfunctions")
        self.sqs: Any = cloud_client(cloud, "sqs")
        name = f"flow-{uuid.uuid4().hex[:8]}"
        self.queue = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        body = {"token.$": "$$.Task.Token"}
        wait = {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": self.queue, "MessageBody": body},
            "TimeoutSeconds": 60,
            "End": True,
        }
        definition = json.dumps({"StartAt": "Wait", "States": {"Wait": wait}})
        made = self.states.create_state_machine(name=name, definition=definition, roleArn=ROLE)
        self.arn = made["stateMachineArn"]
        self.flow = StepFunctionsFlow(self.states, self.arn)

    def token(self) -> str:
        found = eventually(lambda: self.sqs.receive_message(QueueUrl=self.queue).get("Messages"))
        return str(json.loads(found[0]["Body"])["token"])

    def executions(self) -> list[dict[str, Any]]:
        return list(self.states.list_executions(stateMachineArn=self.arn)["executions"])

    def described(self, name: str) -> dict[str, Any]:
        arn = next(each["executionArn"] for each in self.executions() if each["name"] == name)
        return dict(self.states.describe_execution(executionArn=arn))


def eventually(look: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError(f"it did not happen within {PATIENCE} seconds")


@pytest.fixture
def machine(cloud: Cloud) -> Machine:
    return Machine(cloud)


@pytest.fixture(params=["memory", CLOUD])
def flow(request: pytest.FixtureRequest) -> Flow:
    if request.param == "memory":
        return FakeFlow()
    machine: Machine = request.getfixturevalue("machine")
    return machine.flow


def test_a_started_execution_runs(flow: Flow) -> None:
    payment = a_payment()

    flow.start(payment.id, 1)

    assert flow.is_running(payment.id, 1)


def test_starting_again_counts_as_started(flow: Flow) -> None:
    payment = a_payment()
    flow.start(payment.id, 1)

    flow.start(payment.id, 1)

    assert flow.is_running(payment.id, 1)


def test_an_execution_nobody_started_does_not_run(flow: Flow) -> None:
    payment = a_payment()
    flow.start(payment.id, 1)

    assert not flow.is_running(payment.id, 2)
    assert not flow.is_running(PaymentId("TXN_20260302_NEVERSTARTEDTHIS"), 1)


@pytest.mark.cloud
def test_executions_are_named_after_the_payment_and_told_whether_to_resume(machine: Machine) -> None:
    payment = a_payment()

    for number in (1, 1, 2, 3):
        machine.flow.start(payment.id, number)

    names = [payment.id, f"{payment.id}-2", f"{payment.id}-3"]
    assert sorted(each["name"] for each in machine.executions()) == sorted(names)
    inputs = [json.loads(machine.described(name)["input"]) for name in names]
    assert inputs == [{"paymentId": payment.id, "resume": again} for again in (False, True, True)]


@pytest.mark.cloud
def test_a_woken_machine_goes_on_with_the_word(machine: Machine) -> None:
    payment = a_payment()
    machine.flow.start(payment.id, 1)

    machine.flow.wake(machine.token(), "preauthorized")

    eventually(lambda: not machine.flow.is_running(payment.id, 1))
    done = machine.described(payment.id)
    assert (done["status"], json.loads(done["output"])) == ("SUCCEEDED", {"word": "preauthorized"})


@pytest.mark.cloud
def test_a_token_that_is_spent_or_was_never_one_is_gone(machine: Machine) -> None:
    payment = a_payment()
    machine.flow.start(payment.id, 1)
    token = machine.token()
    machine.flow.wake(token, "preauthorized")
    eventually(lambda: not machine.flow.is_running(payment.id, 1))  # the emulator takes a token until it has looked

    for gone in (token, "never-a-token"):
        with pytest.raises(TokenGone):
            machine.flow.wake(gone, "preauthorized")
