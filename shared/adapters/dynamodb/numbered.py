"""Lists by page number: a narrow index counts and finds, and only the items of the page are read whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb.writing import Item, number, text
from shared.domain.errors import Unavailable
from shared.domain.outside import EARLIEST, LATEST
from shared.ports.numbered import MOST_COUNTED, NumberedPage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

INDEX: Final = "numbered"
MOST_READS: Final = 6
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a list is wanted: a filter over attributes that the narrow index holds, as DynamoDB writes it."""

    expression: str = ""
    values: Mapping[str, Item] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def listed_as(owner: str, created_at: datetime) -> Item:
    """The attributes that put an item into its table's index ``numbered``."""
    return {"listOf": text(owner), "listAt": number(_microseconds(created_at))}


def numbered(
    client: DynamoDBClient, table: str, owner: str, page: NumberedPage, wanted: Wanted
) -> tuple[list[Item], int]:
    """(the items of the page, newest first, how many match in all). Raises Unavailable when some stay unread."""
    keys = _matching(client, table, owner, page, wanted)
    of_page = keys[page.first : page.past]
    found = read(client, table, of_page) if of_page else {}
    # One that was deleted since is not there any more.
    return [found[_name(key)] for key in of_page if _name(key) in found], len(keys)


def _matching(client: DynamoDBClient, table: str, owner: str, page: NumberedPage, wanted: Wanted) -> list[Item]:
    """The keys of all that match, at most as many as are counted."""
    since = page.after + _MICROSECOND if page.after else EARLIEST
    until = page.before - _MICROSECOND if page.before else LATEST
    if until < since:
        return []  # DynamoDB refuses a range that ends before it begins
    request: dict[str, Any] = {
        "TableName": table,
        "IndexName": INDEX,
        "KeyConditionExpression": "listOf = :owner AND listAt BETWEEN :since AND :until",
        "ExpressionAttributeValues": {
            ":owner": text(owner),
            ":since": number(_microseconds(since)),
            ":until": number(_microseconds(until)),
            **wanted.values,
        },
        "ScanIndexForward": False,
    }
    if wanted.expression:
        request["FilterExpression"] = wanted.expression
    if wanted.names:
        request["ExpressionAttributeNames"] = dict(wanted.names)
    keys: list[Item] = []
    while len(keys) < MOST_COUNTED:
        found = client.query(**request)
        keys += [{name: item[name] for name in ("pk", "sk") if name in item} for item in found["Items"]]
        if "LastEvaluatedKey" not in found:
            break
        request["ExclusiveStartKey"] = found["LastEvaluatedKey"]
    return keys[:MOST_COUNTED]


def read(client: DynamoDBClient, table: str, keys: list[Item]) -> dict[tuple[str, str], Item]:
    """The items of up to 100 keys (consistent read), by pk and sk ("" without one). Raises Unavailable."""
    found: dict[tuple[str, str], Item] = {}
    for _ in range(MOST_READS):
        answer = client.batch_get_item(RequestItems={table: {"Keys": keys, "ConsistentRead": True}})
        found |= {_name(dict(item)): dict(item) for item in answer["Responses"].get(table, [])}
        left = answer.get("UnprocessedKeys", {}).get(table)
        if not left:
            return found
        keys = [dict(key) for key in left["Keys"]]
    raise Unavailable("the list cannot be read now; try again")


def _name(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item.get("sk", {}).get("S", "")


def _microseconds(moment: datetime) -> int:
    return (moment - EARLIEST) // _MICROSECOND
