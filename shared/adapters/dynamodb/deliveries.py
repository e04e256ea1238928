"""Deliveries table: keyed by endpoint and event, so that an event has one delivery per endpoint by construction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from shared.adapters.dynamodb.codec import from_text, to_text
from shared.adapters.dynamodb.due import EVERYWHERE, due_at, due_before, stamp
from shared.adapters.dynamodb.events import fanned_out, owner
from shared.adapters.dynamodb.spread import everywhere, query_all, spread_event
from shared.adapters.dynamodb.writing import Item, number, put_if, text
from shared.domain import ids
from shared.domain.delivery import Delivery
from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.event import Event
from shared.domain.ids import EventId, MerchantId
from shared.domain.payment import Environment
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

KEPT: Final = timedelta(days=90)
# Deliveries of before are in partitions that are named by a digit alone.
_DUE_IN: Final = (*EVERYWHERE, *(str(place) for place in range(8)))
_ABSENT: Final = "attribute_not_exists(pk)"


@dataclass(frozen=True, slots=True)
class DynamoDeliveries:
    """The port ``Deliveries``."""

    client: DynamoDBClient
    table: str
    events_table: str

    def create(self, delivery: Delivery, told: Event | None = None) -> Delivery | None:
        return self._write(delivery, _ABSENT, None, told)

    def save(self, delivery: Delivery) -> Delivery | None:
        return self._write(delivery, "version = :version", {":version": number(delivery.version)}, None)

    def get(self, merchant_id: MerchantId, environment: Environment, endpoint_id: str, event_id: str) -> Delivery:
        return self._get(_pk(merchant_id, environment, endpoint_id, event_id), event_id)

    def of_endpoint(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        endpoint_id: str,
        *,
        limit: int,
        cursor: str | None = None,
        since: datetime | None = None,
    ) -> tuple[list[Delivery], str | None]:
        listed = _listed("pk", cursor, since=since, newest_first=since is None)
        request = {"TableName": self.table, "ConsistentRead": True, **listed}
        keys = everywhere(_lane_key(merchant_id, environment, endpoint_id))
        items, more = query_all(self.client, request, keys, by="sk", limit=limit)
        return [_from_item(item) for item in items], _last(items, more)

    def of_events(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        endpoint_ids: Sequence[str],
        event_ids: Sequence[EventId],
    ) -> list[Delivery]:
        from shared.adapters.dynamodb.whole import read_whole

        keys = [
            {"pk": text(_pk(merchant_id, environment, endpoint, event)), "sk": text(event)}
            for event in event_ids
            for endpoint in endpoint_ids
        ]
        found = read_whole(self.client, self.table, keys)
        return sorted(map(_from_item, found), key=lambda delivery: (delivery.event_id, delivery.id), reverse=True)

    def open_of_endpoint(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        endpoint_id: str,
        *,
        limit: int,
        cursor: str | None = None,
    ) -> tuple[list[Delivery], str | None]:
        request = {"TableName": self.table, "IndexName": "open", **_listed("openOf", cursor)}
        keys = (_lane_key(merchant_id, environment, endpoint_id),)
        items, more = query_all(self.client, request, keys, by="sk", limit=limit)
        return [self._get(item["pk"]["S"], item["sk"]["S"]) for item in items], _last(items, more)

    def count_open(self, delivery: Delivery, at_most: int) -> int:
        return self.client.query(
            TableName=self.table,
            IndexName="open",
            KeyConditionExpression="openOf = :lane",
            ExpressionAttributeValues={":lane": {"S": _lane(delivery)}},
            Limit=at_most,
            Select="COUNT",
        )["Count"]

    def due(self, now: datetime, limit: int) -> list[Delivery]:
        items = due_before(self.client, self.table, now, limit, keys=_DUE_IN)
        found = [self._get(item["pk"]["S"], item["sk"]["S"]) for item in items]
        return [delivery for delivery in found if delivery.due_at and delivery.due_at <= now]

    def take_slot(self, delivery: Delivery, slots: int, now: datetime, until: datetime) -> str | None:
        holder = secrets.token_hex(8)
        for slot in range(slots):
            item = {
                **_slot_key(delivery, slot),
                "holder": text(holder),
                "takenUntil": text(stamp(until)),
                "expiresAtEpoch": number(int((until + timedelta(days=1)).timestamp())),
            }
            values = {":now": text(stamp(now))}
            if put_if(self.client, self.table, item, f"{_ABSENT} OR takenUntil <= :now", values) is None:
                return f"{slot}:{holder}"
        return None

    def free_slot(self, delivery: Delivery, slot: str) -> None:
        number_of_slot, _, holder = slot.partition(":")
        freed = {**_slot_key(delivery, int(number_of_slot)), "holder": text(holder), "takenUntil": text("")}
        put_if(self.client, self.table, freed, "holder = :holder", {":holder": text(holder)})

    def _get(self, pk: str, sk: str) -> Delivery:
        item = self.client.get_item(
            TableName=self.table, Key={"pk": {"S": pk}, "sk": {"S": sk}}, ConsistentRead=True
        ).get("Item")
        if item is None:
            raise NotFound("there is no such delivery")
        return _from_item(dict(item))

    def _write(self, delivery: Delivery, condition: str, values: Item | None, told: Event | None) -> Delivery | None:
        beside = [{"Update": fanned_out(self.events_table, told, delivery.created_at)}] if told else []
        refused = put_if(self.client, self.table, _to_item(delivery), condition, values, beside)
        if refused is None:
            return None
        if not refused:
            raise NotFound("there is no such delivery")
        return _from_item(refused)


def _pk(merchant_id: str, environment: str, endpoint_id: str, event_id: str) -> str:
    """Beside the event: in the same of the partitions as it."""
    return spread_event(_lane_key(merchant_id, environment, endpoint_id), event_id)


def _lane_key(merchant_id: str, environment: str, lane: str) -> str:
    return f"{owner(merchant_id, environment)}#{lane}"


def _lane(delivery: Delivery) -> str:
    """Where the open deliveries of one lane are found."""
    return _lane_key(delivery.merchant_id, delivery.environment, delivery.lane)


def _listed(attribute: str, cursor: str | None, *, since: datetime | None = None, newest_first: bool = False) -> Item:
    """The part of a query that says which of a key's events are wanted, and in which order."""
    wanted: Item = {"KeyConditionExpression": f"{attribute} = :key", "ExpressionAttributeValues": {}}
    if cursor:
        wanted["KeyConditionExpression"] += f" AND sk {'<' if newest_first else '>'} :from"
        wanted["ExpressionAttributeValues"] = {":from": text(_checked(cursor))}
    elif since is not None:
        wanted["KeyConditionExpression"] += " AND sk >= :from"
        wanted["ExpressionAttributeValues"] = {":from": text(ids.event_bound(since, bytes(10)))}
    return wanted | {"ScanIndexForward": not newest_first}


def _last(items: list[Item], more: bool) -> str | None:
    return items[-1]["sk"]["S"] if items and more else None


def _slot_key(delivery: Delivery, slot: int) -> Item:
    return {"pk": text(f"SLOT#{_lane(delivery)}"), "sk": text(str(slot))}


def _checked(cursor: str) -> str:
    if not cursor.startswith("evt_"):
        raise InvalidRequest("cursor is not one this list returned", param="cursor")
    return cursor


def _to_item(delivery: Delivery) -> Item:
    pk = _pk(delivery.merchant_id, delivery.environment, delivery.endpoint_id, delivery.event_id)
    item: Item = {
        "pk": text(pk),
        "sk": text(delivery.event_id),
        "version": number(delivery.version + 1),
        "status": text(delivery.status),
        "expiresAtEpoch": number(int((delivery.created_at + KEPT).timestamp())),
        "body": text(to_text(replace(delivery, version=0))),
    }
    if delivery.is_open:
        item["openOf"] = text(_lane(delivery))
    if delivery.due_at:
        item |= due_at(delivery.due_at, delivery.event_id)
    return item


def _from_item(item: Item) -> Delivery:
    return replace(from_text(Delivery, item["body"]["S"]), version=int(item["version"]["N"]))
