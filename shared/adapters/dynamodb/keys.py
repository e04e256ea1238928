"""Merchants table: API keys by their hash; one read authenticates. When each was last used is the item's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from shared.adapters.dynamodb.codec import to_text
from shared.adapters.dynamodb.whole import read_whole
from shared.adapters.dynamodb.writing import Item, number, text
from shared.domain.merchant import Key, MerchantRecord

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

KEY: Final = "KEY"
NOTED_EVERY: Final = timedelta(hours=1)
_PRESENT: Final = "attribute_exists(pk)"


def key_pk(key_fingerprint: str) -> str:
    return f"KEY#{key_fingerprint}"


def key_item(record: MerchantRecord, key: Key) -> Item:
    """One read of it authenticates; it is rewritten in every transaction that changes what stands in it."""
    item: Item = {
        "pk": text(key_pk(key.fingerprint)),
        "sk": text(KEY),
        "body": text(to_text(replace(record.credential(key), fingerprint=""))),
    }
    return {**item, "expiresAt": text(key.expires_at.isoformat())} if key.expires_at else item


def is_over(item: Item, now: datetime) -> bool:
    return "expiresAt" in item and datetime.fromisoformat(item["expiresAt"]["S"]) <= now


def rewritten(table: str, item: Item) -> dict[str, Any]:
    """The write, in a transaction, of a key that is there already: all of it but when it was last used."""
    said = {name: value for name, value in item.items() if name not in ("pk", "sk")}
    expression = "SET " + ", ".join(f"{name} = :{name}" for name in said)
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": item["pk"], "sk": item["sk"]},
            "UpdateExpression": expression if "expiresAt" in said else f"{expression} REMOVE expiresAt",
            "ConditionExpression": _PRESENT,
            "ExpressionAttributeValues": {f":{name}": value for name, value in said.items()},
        }
    }


def note_use(client: DynamoDBClient, table: str, item: Item, now: datetime) -> None:
    """Say when a key was last used: one write per key and hour, whatever it is used for.

    ``item`` is what authenticated, and knows when that was said last: no other request makes a call for it. A use
    that could not be noted is noted by the next one; it is no reason to refuse a request.
    """
    if "usedAt" in item and now - _moment(item["usedAt"]) < NOTED_EVERY:
        return
    with suppress(BotoCoreError, ClientError):
        client.update_item(
            TableName=table,
            Key={"pk": item["pk"], "sk": item["sk"]},
            UpdateExpression="SET usedAt = :now",
            ConditionExpression=f"{_PRESENT} AND (attribute_not_exists(usedAt) OR usedAt < :now)",
            ExpressionAttributeValues={":now": number(int(now.timestamp()))},
        )


def last_used(client: DynamoDBClient, table: str, keys: Sequence[Key]) -> dict[str, datetime]:
    """When each key was last used, by its fingerprint; nothing of one that never was."""
    items = read_whole(client, table, [{"pk": text(key_pk(key.fingerprint)), "sk": text(KEY)} for key in keys])
    return {item["pk"]["S"].removeprefix(key_pk("")): _moment(item["usedAt"]) for item in items if "usedAt" in item}


def _moment(epoch: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(int(epoch["N"]), UTC)
