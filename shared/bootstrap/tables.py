"""The client of the tables; and whether the release before can find what is written."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from shared.adapters import aws
from shared.bootstrap import runtime
from shared.domain import ids

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from shared.ports.world import EventIds


@cache
def tables() -> DynamoDBClient:
    client: DynamoDBClient = aws.client("dynamodb")
    if _as_before():
        from shared.adapters.dynamodb.as_before import write_as_before

        write_as_before(client, runtime.setting("DELIVERIES_TABLE"))
    return client


def event_ids() -> EventIds:
    return ids.event_id_of_before if _as_before() else ids.event_id


def _as_before() -> bool:
    return runtime.flag("KEYS_AS_BEFORE")
