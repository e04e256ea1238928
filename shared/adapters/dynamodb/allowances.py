"""Idempotency table: one counter per allowance, minute and shard, which expires by itself."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb.writing import conditional, number
from shared.domain.allowance import SHARDS, Allowance, Place, end_of, seconds_left, span_of
from shared.domain.errors import TooManyRequests
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_KEPT_SECONDS: Final = 600  # after its minute


@dataclass(frozen=True, slots=True)
class DynamoAllowances:
    """The port ``Allowances``: one UpdateItem, and more only where the first shard that is looked at is full."""

    client: DynamoDBClient
    table: str

    def take(self, allowance: Allowance, now: datetime) -> Place:
        for shard in random.sample(range(SHARDS), SHARDS):  # spreads load, guards nothing
            place = Place(allowance.name, span_of(allowance, now), shard, allowance.seconds)
            if self._add(place, 1, "attribute_not_exists(taken) OR taken < :bound", allowance.share(shard)):
                return place
        raise TooManyRequests(seconds_left(allowance, now))

    def give_back(self, place: Place) -> None:
        self._add(place, -1, "taken > :bound", 0)

    def _add(self, place: Place, change: int, condition: str, bound: int) -> bool:
        """Whether the count was changed. An answer that is lost makes it a place too high, never too low."""
        if change > 0 and bound < 1:
            return False  # the condition holds for a counter that is not there
        values: Mapping[str, Any] = {
            ":change": number(change),
            ":bound": number(bound),
            ":expiry": number(end_of(place) + _KEPT_SECONDS),
        }
        refused = conditional(
            lambda: self.client.update_item(
                TableName=self.table,
                Key={"pk": {"S": f"RATE#{place.name}#{place.span}#{place.shard}"}},
                UpdateExpression="SET expiresAtEpoch = :expiry ADD taken :change",
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
            )
        )
        return refused is None
