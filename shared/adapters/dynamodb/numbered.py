"""Lists by page number: a narrow index finds and counts, and only the items of the page are read whole."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb.whole import key_of, read_whole
from shared.adapters.dynamodb.writing import Item, number, text
from shared.domain.errors import InvalidRequest
from shared.domain.outside import EARLIEST, LATEST
from shared.domain.record import dataclass
from shared.ports.numbered import MOST_COUNTED, NumberedPage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

INDEX: Final = "numbered"
_FEW: Final = 250  # keys that are read at least, so that a short list is one query
_MOST_LOOKS: Final = 30  # a megabyte each: beyond that a filter finds too few among too many
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
    """(the items of the page, newest first, how many match in all).

    Raises Unavailable when some stay unread, and InvalidRequest when too much is to be looked through for so few.
    """
    request = _request(table, owner, page, wanted)
    if request is None:
        return [], 0
    looking = _Looking(client, request)
    keys = looking.for_keys(page.past)
    count = min(len(keys) + looking.for_more(MOST_COUNTED - len(keys)), MOST_COUNTED)
    return read_whole(client, table, keys[page.first : page.past]), count


def _request(table: str, owner: str, page: NumberedPage, wanted: Wanted) -> dict[str, Any] | None:
    since = page.after + _MICROSECOND if page.after else EARLIEST
    until = page.before - _MICROSECOND if page.before else LATEST
    if until < since:
        return None  # DynamoDB refuses a range that ends before it begins
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
    return request


@dataclasses.dataclass(slots=True, eq=False, repr=False)
class _Looking:
    """One walk through the index: keys as far as the page goes, and behind it only how many there are."""

    client: DynamoDBClient
    request: dict[str, Any]
    over: bool = False
    looks: int = 0

    def for_keys(self, needed: int) -> list[Item]:
        """At least the first ``needed`` that match, if there are as many."""
        keys: list[Item] = []
        limit = {
            "Limit": max(needed, _FEW)
        }  # where a filter leaves few of them, the rest is read a megabyte at a time
        while len(keys) < needed and not self.over:
            found = self._look(limit)
            keys += [key_of(dict(item)) for item in found["Items"]]
            limit = {}
        return keys

    def for_more(self, most: int) -> int:
        """How many more match, counted until there are ``most``."""
        counted = 0
        while counted < most and not self.over:
            # Without a filter each that is read counts, so that no more is read than is counted.
            limit = {} if "FilterExpression" in self.request else {"Limit": most - counted}
            counted += self._look({"Select": "COUNT", **limit})["Count"]
        return counted

    def _look(self, how: dict[str, Any]) -> Any:
        if self.looks >= _MOST_LOOKS:
            raise InvalidRequest("there is too much to look through; narrow it with before and after")
        self.looks += 1
        found: Any = self.client.query(**self.request, **how)
        self.over = "LastEvaluatedKey" not in found
        if not self.over:
            self.request["ExclusiveStartKey"] = found["LastEvaluatedKey"]
        return found


def _microseconds(moment: datetime) -> int:
    return (moment - EARLIEST) // _MICROSECOND
