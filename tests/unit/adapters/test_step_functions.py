"""The payment flow's adapter when its service has a bad day; good days are in tests/contract/test_flow.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from shared.adapters.step_functions import StepFunctionsFlow
from shared.domain.errors import TokenGone, Unavailable
from tools.testing.builders import a_payment

PAYMENT = a_payment().id


class Failing:
    """A client of which every call fails in the same way."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def fail(**_: object) -> None:
            raise self.error

        return fail


def refusal(code: str, status: int = 400) -> ClientError:
    metadata: Any = {"HTTPStatusCode": status}
    return ClientError({"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": metadata}, "Any")


def flow(error: Exception) -> StepFunctionsFlow:
    client: Any = Failing(error)
    return StepFunctionsFlow(client, "arn:aws:states:eu-south-1:1:stateMachine:flow")


@pytest.mark.parametrize(
    "error",
    [
        ConnectTimeoutError(endpoint_url="https://states"),
        ReadTimeoutError(endpoint_url="https://states"),
        refusal("ThrottlingException"),
        refusal("ExecutionLimitExceeded"),
        refusal("InternalFailure", 500),
        refusal("ServiceUnavailable", 503),
    ],
    ids=str,
)
def test_a_service_that_is_busy_or_silent_is_unavailable(error: Exception) -> None:
    for call in (
        lambda: flow(error).start(PAYMENT, 1),
        lambda: flow(error).is_running(PAYMENT, 1),
        lambda: flow(error).wake("token", "captured"),
    ):
        with pytest.raises(Unavailable) as raised:
            call()
        assert raised.value.__cause__ is error


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_a_token_the_service_does_not_know_is_gone(code: str) -> None:
    with pytest.raises(TokenGone):
        flow(refusal(code)).wake("token", "captured")


def test_what_is_our_mistake_escapes() -> None:
    with pytest.raises(ClientError):
        flow(refusal("InvalidName")).start(PAYMENT, 1)
    with pytest.raises(ClientError):
        flow(refusal("InvalidArn")).is_running(PAYMENT, 1)
    with pytest.raises(ClientError):
        flow(refusal("InvalidOutput")).wake("token", "captured")
