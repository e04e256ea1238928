"""Merchants table: every merchant by a narrow index of their records, and the names that were taken lately.

The index has the sort key of every item for its partition, so that those of releases before are in it. What a list is
looked through for stands in a record beside its body; a record of before is read whole, until it is next written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb.codec import from_text, to_text
from shared.adapters.dynamodb.whole import key_of, read_whole
from shared.adapters.dynamodb.writing import Item, number, text
from shared.domain.ids import MerchantId, fingerprint
from shared.domain.merchant import Listed, Merchant, MerchantRecord

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

PROFILE: Final = "PROFILE"
TAKEN_FOR: Final = timedelta(days=1)
_INDEX: Final = "kinds"
_TAKEN: Final = "TAKEN"


def merchant_pk(merchant_id: str) -> str:
    return f"MERCHANT#{merchant_id}"


def profile(record: MerchantRecord) -> Item:
    """The item of the record's next version."""
    email = record.merchant.email
    return {
        "pk": text(merchant_pk(record.merchant.id)),
        "sk": text(PROFILE),
        "version": number(record.version + 1),
        "body": text(to_text(replace(record, version=0))),
        "named": text(record.merchant.name),
        **({"email": text(email)} if email else {}),
    }


def record_of(item: Item) -> MerchantRecord:
    return replace(from_text(MerchantRecord, item["body"]["S"]), version=int(item["version"]["N"]))


def listed(client: DynamoDBClient, table: str) -> Iterator[Listed]:
    """Every merchant, in no order. A new one or another name is there a moment later."""
    pages = client.get_paginator("query").paginate(
        TableName=table,
        IndexName=_INDEX,
        KeyConditionExpression="sk = :profile AND begins_with(pk, :merchant)",
        ExpressionAttributeValues={":profile": text(PROFILE), ":merchant": text(merchant_pk(""))},
    )
    for page in pages:
        rows = [dict(item) for item in page["Items"]]
        yield from (_row(item) for item in rows if "named" in item)
        before = [key_of(item) for item in rows if "named" not in item]
        yield from (_said(record_of(item)) for item in read_whole(client, table, before))


def records(client: DynamoDBClient, table: str, merchant_ids: Sequence[MerchantId]) -> list[MerchantRecord]:
    """The records of these merchants in this order, as they are now."""
    keys = [{"pk": text(merchant_pk(each)), "sk": text(PROFILE)} for each in merchant_ids]
    return [record_of(item) for item in read_whole(client, table, keys)]


def _row(item: Item) -> Listed:
    merchant_id = item["pk"]["S"].removeprefix(merchant_pk(""))
    return Listed(MerchantId(merchant_id), item["named"]["S"], item["email"]["S"] if "email" in item else "")


def _said(record: MerchantRecord) -> Listed:
    merchant = record.merchant
    return Listed(merchant.id, merchant.name, merchant.email or "")


# ---- names that were taken lately ----


def taken_key(merchant: Merchant) -> Item:
    both = f"{merchant.name.strip().casefold()}\n{(merchant.email or '').strip().casefold()}"
    return {"pk": text(f"TAKEN#{fingerprint(both)}"), "sk": text(_TAKEN)}


def take(table: str, record: MerchantRecord, now: datetime) -> list[dict[str, Any]]:
    """The write, beside a new merchant's, that keeps its name and address for it for a day."""
    merchant = record.merchant
    if not merchant.email:
        return []
    item = {
        **taken_key(merchant),
        "merchantId": text(merchant.id),
        "expiresAtEpoch": number(int((now + TAKEN_FOR).timestamp())),
    }
    put = {
        "TableName": table,
        "Item": item,
        "ConditionExpression": "attribute_not_exists(pk) OR expiresAtEpoch <= :now",
        "ExpressionAttributeValues": {":now": number(int(now.timestamp()))},
    }
    return [{"Put": put}]


def holder_of(item: Item | None, now: datetime) -> MerchantId | None:
    """Whose a name is, by the item of it; the table drops what is over sometime later."""
    if item is None or int(item["expiresAtEpoch"]["N"]) <= now.timestamp():
        return None
    return MerchantId(item["merchantId"]["S"])
