"""Keys that are spread over partitions, since one takes 1,000 write units a second; and reading all of them.

What was written before a key was spread lies under the key alone. Readers look there too.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from shared.adapters.dynamodb.writing import Item
from shared.domain.ids import PARTITIONS, place_of_event

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


def spread(key: str, what: str) -> str:
    """The one of the partitions of ``key`` that ``what`` is kept in, always the same."""
    return f"{key}#{zlib.crc32(what.encode()) % PARTITIONS}"


def spread_event(key: str, event_id: str) -> str:
    """The partition of ``key`` that an event, and what belongs to it, is kept in: its id says which."""
    place = place_of_event(event_id)
    return f"{key}#{place}" if place else key


def everywhere(key: str) -> tuple[str, ...]:
    """Every partition of ``key``, and the key alone."""
    return (key, *(f"{key}#{place}" for place in range(PARTITIONS)))


def query_all(
    client: DynamoDBClient, request: Mapping[str, Any], keys: Sequence[str], *, by: str, limit: int
) -> tuple[list[Item], bool]:
    """(the first ``limit`` items by their attribute ``by``, in the request's order; whether there are more).

    The request is made once for each of ``keys``, side by side, with the key as its value ``:key``.
    """
    from concurrent.futures import ThreadPoolExecutor  # few functions read lists

    def page(key: str) -> Any:
        values = {**request["ExpressionAttributeValues"], ":key": {"S": key}}
        return client.query(**{**request, "ExpressionAttributeValues": values, "Limit": limit})

    with ThreadPoolExecutor(max_workers=len(keys)) as pool:
        pages = list(pool.map(page, keys)) if len(keys) > 1 else [page(keys[0])]
    found = [dict(item) for each in pages for item in each["Items"]]
    found.sort(key=lambda item: str(item[by]["S"]), reverse=not request.get("ScanIndexForward", True))
    return found[:limit], len(found) > limit or any("LastEvaluatedKey" in each for each in pages)
