"""What is due: the sparse index by time whose form payments, links, tokens, disputes and deliveries share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from shared.adapters.dynamodb.spread import everywhere, query_all, spread
from shared.adapters.dynamodb.writing import Item, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

KEY: Final = "due"
EVERYWHERE: Final = everywhere(KEY)


def stamp(moment: datetime) -> str:
    """Fixed width, so that times compare as text."""
    return moment.isoformat(timespec="microseconds")


def due_at(moment: datetime, what: str) -> Item:
    """The attributes that put the item whose key is ``what`` into its table's index ``due``."""
    return due_in(spread(KEY, what), moment)


def due_in(partition: str, moment: datetime) -> Item:
    """The same in a partition of the index that is named."""
    return {"dueShard": text(partition), "dueAt": text(stamp(moment))}


def due_before(
    client: DynamoDBClient,
    table: str,
    now: datetime,
    limit: int,
    *,
    index: str = "due",
    hash_key: str = "dueShard",
    keys: Sequence[str] = EVERYWHERE,
) -> list[Item]:
    """Items whose time has come, the longest overdue first, at most ``limit``."""
    request = {
        "TableName": table,
        "IndexName": index,
        "KeyConditionExpression": f"{hash_key} = :key AND dueAt <= :now",
        "ExpressionAttributeValues": {":now": {"S": stamp(now)}},
    }
    return query_all(client, request, keys, by="dueAt", limit=limit)[0]
