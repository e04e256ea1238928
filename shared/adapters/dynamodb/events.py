"""Events table, the outbox: read in order, streamed to the fan-out, never changed but for its mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.adapters.dynamodb import codec
from shared.adapters.dynamodb.writing import Item, number, text
from shared.domain import ids
from shared.domain.errors import NotFound
from shared.domain.event import Event, EventType, Facts
from shared.domain.ids import EventId, MerchantId
from shared.domain.payment import PAYGLOBE, Environment

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


def owner(merchant_id: str, environment: str) -> str:
    """The partition of everything a merchant has in one environment."""
    return f"{merchant_id}#{environment}"


def to_item(event: Event) -> Item:
    item: Item = {
        "pk": text(owner(event.merchant_id, event.environment)),
        "sk": text(event.id),
        "type": text(event.type.value),
        "subject": text(event.subject),
        "sequence": number(event.sequence),
        "createdAt": text(event.created_at.isoformat()),
        "facts": text(codec.to_text(event.facts)),
        "unfanned": text("1"),
    }
    if event.notify_url:
        item["notifyUrl"] = text(event.notify_url)
    if event.family != PAYGLOBE:
        item["family"] = text(event.family)
    return item


def from_item(item: Item) -> Event:
    merchant_id, _, environment = item["pk"]["S"].rpartition("#")
    return Event(
        id=EventId(item["sk"]["S"]),
        type=EventType(item["type"]["S"]),
        merchant_id=MerchantId(merchant_id),
        environment=Environment(environment),
        subject=item["subject"]["S"],
        sequence=int(item["sequence"]["N"]),
        created_at=datetime.fromisoformat(item["createdAt"]["S"]),
        facts=codec.from_text(Facts, item["facts"]["S"]),
        notify_url=item.get("notifyUrl", {}).get("S"),
        family=item.get("family", {}).get("S", PAYGLOBE),
    )


def fanned_out(table: str, event: Event, now: datetime) -> dict[str, Any]:
    """The update that marks an event as fanned out, alone or as part of a transaction."""
    return {
        "TableName": table,
        "Key": {"pk": text(owner(event.merchant_id, event.environment)), "sk": text(event.id)},
        "UpdateExpression": "SET fannedOutAt = :now REMOVE unfanned",
        "ExpressionAttributeValues": {":now": text(now.isoformat())},
    }


@dataclass(frozen=True, slots=True)
class DynamoEvents:
    """The port ``Events``."""

    client: DynamoDBClient
    table: str

    def after(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        event_id: str | None,
        *,
        until: datetime,
        limit: int,
    ) -> list[Event]:
        after, last = event_id or "evt_", _upper_bound(until)
        if after >= last:
            return []  # DynamoDB refuses a range that ends before it begins
        names = {":pk": text(owner(merchant_id, environment)), ":after": text(after), ":last": text(last)}
        page = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :after AND :last",
            ExpressionAttributeValues=names,
            Limit=limit + 1,
            ConsistentRead=True,
        )
        found = [from_item(dict(item)) for item in page["Items"]]
        return [event for event in found if event.id != event_id][:limit]

    def get(self, merchant_id: MerchantId, environment: Environment, event_id: str) -> Event:
        key: Any = {"pk": text(owner(merchant_id, environment)), "sk": text(event_id)}
        item = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        if item is None:
            raise NotFound("there is no such event")
        return from_item(dict(item))

    def put(self, event: Event) -> None:
        self.client.put_item(TableName=self.table, Item=to_item(event))

    def not_fanned_out(self, before: datetime, limit: int) -> list[Event]:
        page = self.client.query(
            TableName=self.table,
            IndexName="unfanned",
            KeyConditionExpression="unfanned = :one AND sk < :before",
            ExpressionAttributeValues={":one": {"S": "1"}, ":before": {"S": _lower_bound(before)}},
            Limit=limit,
        )
        return [from_item(dict(item)) for item in page["Items"]]

    def mark_fanned_out(self, event: Event, now: datetime) -> None:
        self.client.update_item(**fanned_out(self.table, event, now))


def _lower_bound(moment: datetime) -> str:
    return ids.event_id(moment, bytes(10))


def _upper_bound(moment: datetime) -> str:
    return ids.event_id(moment, b"\xff" * 10)
