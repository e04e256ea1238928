"""The payment flow in Step Functions: start, wake, is it still there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from shared.domain.errors import TokenGone
from shared.domain.ids import PaymentId

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.client import SFNClient

_GONE = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})


@dataclass(frozen=True, slots=True)
class StepFunctionsFlow:
    """The port ``Flow``. The execution's name makes a second start of the same one a no-op."""

    client: SFNClient
    machine_arn: str

    def start(self, payment_id: PaymentId, execution: int) -> None:
        try:
            self.client.start_execution(
                stateMachineArn=self.machine_arn,
                name=_name(payment_id, execution),
                input=json.dumps({"paymentId": payment_id, "resume": execution > 1}),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise

    def is_running(self, payment_id: PaymentId, execution: int) -> bool:
        arn = f"{self.machine_arn.replace(':stateMachine:', ':execution:')}:{_name(payment_id, execution)}"
        try:
            return self.client.describe_execution(executionArn=arn)["status"] == "RUNNING"
        except ClientError as error:
            if error.response["Error"]["Code"] == "ExecutionDoesNotExist":
                return False
            raise

    def wake(self, token: str, word: str) -> None:
        try:
            self.client.send_task_success(taskToken=token, output=json.dumps({"word": word}))
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                raise TokenGone("nobody waits on this token any more") from error
            raise


def _name(payment_id: PaymentId, execution: int) -> str:
    return payment_id if execution == 1 else f"{payment_id}-{execution}"
