"""Idempotency table: when a message about a payment last had its gateway asked. Expires by itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from shared.adapters.dynamodb.writing import conditional
from shared.domain.ids import PaymentId
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

QUIET_MILLISECONDS: Final = 3_000
_KEPT_SECONDS: Final = 600


@dataclass(frozen=True, slots=True)
class DynamoBells:
    """The port ``Bells``: one UpdateItem."""

    client: DynamoDBClient
    table: str

    def first(self, payment_id: PaymentId, now: datetime) -> bool:
        moment = int(now.timestamp() * 1000)
        refused = conditional(
            lambda: self.client.update_item(
                TableName=self.table,
                Key={"pk": {"S": f"BELL#{payment_id}"}},
                UpdateExpression="SET rangAt = :now, expiresAtEpoch = :expiry",
                ConditionExpression="attribute_not_exists(rangAt) OR rangAt <= :before",
                ExpressionAttributeValues={
                    ":now": {"N": str(moment)},
                    ":before": {"N": str(moment - QUIET_MILLISECONDS)},
                    ":expiry": {"N": str(moment // 1000 + _KEPT_SECONDS)},
                },
            )
        )
        return refused is None
