"""Events table, the outbox: read in order, streamed to the fan-out, never changed but for its mark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb import codec
from shared.adapters.dynamodb.spread import everywhere, query_all, spread_event
from shared.adapters.dynamodb.whole import key_of, read_whole
from shared.adapters.dynamodb.writing import Item, number, text
from shared.domain import ids
from shared.domain.errors import NotFound
from shared.domain.event import Event, EventType, Facts
from shared.domain.ids import EventId, MerchantId, place_of_event
from shared.domain.payment import PAYGLOBE, Environment
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

UNFANNED: Final = "unfanned"
# What events of before were found by, in one partition and whole; the index is empty once those are fanned out.
_UNFANNED_BEFORE: Final = "unfanned"


def owner(merchant_id: str, environment: str) -> str:
    """The partition of everything a merchant has in one environment."""
    return f"{merchant_id}#{environment}"


def to_item(event: Event) -> Item:
    item: Item = {
        **_key(event.merchant_id, event.environment, event.id),
        "type": text(event.type.value),
        "subject": text(event.subject),
        "sequence": number(event.sequence),
        "createdAt": text(event.created_at.isoformat()),
        "facts": text(codec.to_text(event.facts)),
        "unfannedIn": text(spread_event(UNFANNED, event.id)),
    }
    if event.notify_url:
        item["notifyUrl"] = text(event.notify_url)
    if event.family != PAYGLOBE:
        item["family"] = text(event.family)
    return item


def from_item(item: Item) -> Event:
    event_id = EventId(item["sk"]["S"])
    owned_by = item["pk"]["S"].removesuffix(f"#{place_of_event(event_id)}")
    merchant_id, _, environment = owned_by.rpartition("#")
    return Event(
        id=event_id,
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


def was_fanned_out(item: Item) -> bool:
    return "fannedOutAt" in item


def fanned_out(table: str, event: Event, now: datetime) -> dict[str, Any]:
    """The update that marks an event as fanned out, alone or as part of a transaction."""
    return {
        "TableName": table,
        "Key": _key(event.merchant_id, event.environment, event.id),
        "UpdateExpression": f"SET fannedOutAt = :now REMOVE unfannedIn, {_UNFANNED_BEFORE}",
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
        request = {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :key AND sk BETWEEN :after AND :last",
            "ExpressionAttributeValues": {":after": text(after), ":last": text(last)},
            "ConsistentRead": True,
        }
        keys = everywhere(owner(merchant_id, environment))
        items, _ = query_all(self.client, request, keys, by="sk", limit=limit + 1)
        return [event for event in map(from_item, items) if event.id != event_id][:limit]

    def get(self, merchant_id: MerchantId, environment: Environment, event_id: str) -> Event:
        key = _key(merchant_id, environment, event_id)
        item = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        if item is None:
            raise NotFound("there is no such event")
        return from_item(dict(item))

    def put(self, event: Event) -> None:
        self.client.put_item(TableName=self.table, Item=to_item(event))

    def not_fanned_out(self, before: datetime, limit: int) -> list[Event]:
        keys = self._unfanned("forgotten", "unfannedIn", everywhere(UNFANNED), before, limit)
        keys += self._unfanned(_UNFANNED_BEFORE, _UNFANNED_BEFORE, ("1",), before, limit)
        found = read_whole(self.client, self.table, [key_of(item) for item in keys])
        return sorted(map(from_item, found), key=lambda event: event.id)[:limit]

    def mark_fanned_out(self, event: Event, now: datetime) -> None:
        self.client.update_item(**fanned_out(self.table, event, now))

    def _unfanned(self, index: str, attribute: str, keys: Sequence[str], before: datetime, limit: int) -> list[Item]:
        request = {
            "TableName": self.table,
            "IndexName": index,
            "KeyConditionExpression": f"{attribute} = :key AND sk < :before",
            "ExpressionAttributeValues": {":before": text(ids.event_bound(before, bytes(10)))},
        }
        return query_all(self.client, request, keys, by="sk", limit=limit)[0]


def _key(merchant_id: str, environment: str, event_id: str) -> Item:
    return {"pk": text(spread_event(owner(merchant_id, environment), event_id)), "sk": text(event_id)}


def _upper_bound(moment: datetime) -> str:
    return ids.event_bound(moment, b"\xff" * 10) + "~"
