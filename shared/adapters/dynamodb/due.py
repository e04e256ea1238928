"""What is due: the sparse index by time whose form payments, links, tokens, disputes and deliveries share."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from shared.adapters.dynamodb.writing import Item, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

SHARD: Final = "due"


def stamp(moment: datetime) -> str:
    """Fixed width, so that times compare as text."""
    return moment.isoformat(timespec="microseconds")


def due_at(moment: datetime, shard: str = SHARD) -> Item:
    """The attributes that put an item into its table's index ``due``."""
    return {"dueShard": text(shard), "dueAt": text(stamp(moment))}


def due_before(
    client: DynamoDBClient,
    table: str,
    now: datetime,
    limit: int,
    *,
    index: str = "due",
    hash_key: str = "dueShard",
    value: str = SHARD,
) -> list[Item]:
    """Items whose time has come, the longest overdue first, at most ``limit``."""
    page = client.query(
        TableName=table,
        IndexName=index,
        KeyConditionExpression=f"{hash_key} = :value AND dueAt <= :now",
        ExpressionAttributeValues={":value": {"S": value}, ":now": {"S": stamp(now)}},
        Limit=limit,
    )
    return [dict(item) for item in page["Items"]]
