"""Events table, the outbox: read in order, streamed to the fan-out, never changed but for its mark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb import codec
from shared.adapters.dynamodb.spread import everywhere, query_all, spread_event
from shared.adapters.dynamodb.whole import key_of, read_whole
from shared.adapters.dynamodb.writing import Item, number, text
from shared.domain import ids
from shared.domain.errors import NotFound, OfLaterRelease
from shared.domain.event import Event, EventType, Facts
from shared.domain.ids import EventId, MerchantId, place_of_event
from shared.domain.payment import PAYGLOBE, Environment
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

UNFANNED: Final = "unfanned"
_FIRST: Final = "evt_"
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


def readable(items: Iterable[Item]) -> list[Event]:
    """The events that this release can read. What a later one told is left to be told by it, and logged.

    After going back a table has events of kinds that are not known yet; nobody else's may wait for them.
    """
    found = []
    for item in items:
        try:
            found.append(from_item(item))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            _passed_over(item, error)
    return found


def _passed_over(item: Item, error: Exception) -> None:
    from aws_lambda_powertools import Logger  # hardly ever needed

    about = {"eventId": item["sk"]["S"], "type": item.get("type", {}).get("S"), "error": type(error).__name__}
    Logger().warning("event passed over: this release cannot read it", extra=about)


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
        after, last = event_id or _FIRST, _upper_bound(until)
        if after >= last:
            return []  # DynamoDB refuses a range that ends before it begins
        keys = everywhere(owner(merchant_id, environment))

        def page(begin: str) -> list[Item]:
            request = {
                "TableName": self.table,
                "KeyConditionExpression": "pk = :key AND sk BETWEEN :after AND :last",
                "ExpressionAttributeValues": {":after": text(begin), ":last": text(last)},
                "ConsistentRead": True,
            }
            return query_all(self.client, request, keys, by="sk", limit=limit + 1)[0]

        return _found(page, after, limit)

    def get(self, merchant_id: MerchantId, environment: Environment, event_id: str) -> Event:
        key = _key(merchant_id, environment, event_id)
        item = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        if item is None:
            raise NotFound("there is no such event")
        found = readable([dict(item)])
        if not found:
            raise OfLaterRelease("this release cannot read the event")
        return found[0]

    def put(self, event: Event) -> None:
        self.client.put_item(TableName=self.table, Item=to_item(event))

    def not_fanned_out(self, before: datetime, limit: int) -> list[Event]:
        last = ids.event_bound(before, bytes(10))

        def page(begin: str) -> list[Item]:
            keys = self._unfanned("forgotten", "unfannedIn", everywhere(UNFANNED), (begin, last), limit + 1)
            keys += self._unfanned(_UNFANNED_BEFORE, _UNFANNED_BEFORE, ("1",), (begin, last), limit + 1)
            return sorted(keys, key=_event_id)[: limit + 1]

        def whole(keys: Sequence[Item]) -> list[Item]:
            return read_whole(self.client, self.table, [key_of(item) for item in keys])

        return _found(page, _FIRST, limit, whole)

    def mark_fanned_out(self, event: Event, now: datetime) -> None:
        self.client.update_item(**fanned_out(self.table, event, now))

    def _unfanned(
        self, index: str, attribute: str, keys: Sequence[str], span: tuple[str, str], limit: int
    ) -> list[Item]:
        request = {
            "TableName": self.table,
            "IndexName": index,
            "KeyConditionExpression": f"{attribute} = :key AND sk BETWEEN :begin AND :last",
            "ExpressionAttributeValues": {":begin": text(span[0]), ":last": text(span[1])},
        }
        return query_all(self.client, request, keys, by="sk", limit=limit)[0]


def _found(
    page: Callable[[str], list[Item]],
    after: str,
    limit: int,
    whole: Callable[[Sequence[Item]], list[Item]] = list,
) -> list[Event]:
    """The first ``limit`` events behind ``after`` that can be read.

    ``page`` finds items from an event's id on, in order: up to one more than ``limit``. ``whole`` reads them.
    """
    found: list[Event] = []
    while len(found) < limit:
        items = page(after)
        found += readable(whole([item for item in items if _event_id(item) != after]))
        if len(items) <= limit:
            break
        after = _event_id(items[-1])
    return found[:limit]


def _event_id(item: Item) -> str:
    return str(item["sk"]["S"])


def _key(merchant_id: str, environment: str, event_id: str) -> Item:
    return {"pk": text(spread_event(owner(merchant_id, environment), event_id)), "sk": text(event_id)}


def _upper_bound(moment: datetime) -> str:
    return ids.event_bound(moment, b"\xff" * 10) + "~"
