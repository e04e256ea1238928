"""Whole items by their keys, as narrow indexes find them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from shared.adapters.dynamodb.writing import Item
from shared.domain.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

MOST_READS: Final = 6
MOST_AT_ONCE: Final = 100


def key_of(item: Item) -> Item:
    """The key of an item of a table, whatever else an index shows of it."""
    return {name: item[name] for name in ("pk", "sk") if name in item}


def read_whole(client: DynamoDBClient, table: str, keys: Sequence[Item]) -> list[Item]:
    """The items of ``keys`` in their order, each once (consistent reads). One that was deleted since is left out.

    Raises Unavailable when some stay unread.
    """
    found: dict[tuple[str, str], Item] = {}
    wanted = {_name(key): key for key in keys}  # DynamoDB refuses to read one twice
    for start in range(0, len(wanted), MOST_AT_ONCE):
        asked = list(wanted.values())[start : start + MOST_AT_ONCE]
        found |= {_name(item): item for item in _read(client, table, asked)}
    return [found[name] for name in wanted if name in found]


def _read(client: DynamoDBClient, table: str, keys: Sequence[Item]) -> Iterator[Item]:
    for _ in range(MOST_READS):
        answer = client.batch_get_item(RequestItems={table: {"Keys": keys, "ConsistentRead": True}})
        yield from (dict(item) for item in answer["Responses"].get(table, []))
        left = answer.get("UnprocessedKeys", {}).get(table)
        if not left:
            return
        keys = [dict(key) for key in left["Keys"]]
    raise Unavailable("the list cannot be read now; try again")


def _name(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item.get("sk", {}).get("S", "")
