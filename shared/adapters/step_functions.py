"""The payment flow in Step Functions: start, wake, is it still there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection

from shared.domain.errors import TokenGone, Unavailable
from shared.domain.ids import PaymentId
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.client import SFNClient

_GONE = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})
_BUSY = frozenset({"ThrottlingException", "ExecutionLimitExceeded", "KmsThrottlingException"})


@dataclass(frozen=True, slots=True)
class StepFunctionsFlow:
    """The port ``Flow``. The execution's name makes a second start of the same one a no-op.

    Every call may be repeated, so a service that is busy or does not answer is Unavailable.
    """

    client: SFNClient
    machine_arn: str

    def start(self, payment_id: PaymentId, execution: int) -> None:
        try:
            with _reachable():
                self.client.start_execution(
                    stateMachineArn=self.machine_arn,
                    name=_name(payment_id, execution),
                    input=json.dumps({"paymentId": payment_id, "resume": execution > 1}),
                )
        except ClientError as error:
            if _code(error) != "ExecutionAlreadyExists":
                raise

    def is_running(self, payment_id: PaymentId, execution: int) -> bool:
        arn = execution_arn(self.machine_arn, payment_id, execution)
        try:
            with _reachable():
                return self.client.describe_execution(executionArn=arn)["status"] == "RUNNING"
        except ClientError as error:
            if _code(error) == "ExecutionDoesNotExist":
                return False
            raise

    def wake(self, token: str, word: str) -> None:
        try:
            with _reachable():
                self.client.send_task_success(taskToken=token, output=json.dumps({"word": word}))
        except ClientError as error:
            if _code(error) in _GONE:
                raise TokenGone("nobody waits on this token any more") from error
            raise


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except (NoConnection, HTTPClientError) as error:
        raise Unavailable("the payment flow cannot be reached; try again") from error
    except ClientError as error:
        if _code(error) in _BUSY or error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise Unavailable("the payment flow is busy; try again") from error
        raise


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]


def execution_arn(machine_arn: str, payment_id: PaymentId, execution: int) -> str:
    """The execution of that number, from 1, of a payment."""
    return f"{machine_arn.replace(':stateMachine:', ':execution:')}:{_name(payment_id, execution)}"


def _name(payment_id: PaymentId, execution: int) -> str:
    return payment_id if execution == 1 else f"{payment_id}-{execution}"
