"""Disputes table: one item per dispute, the counters it moves, and messages about payments nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb import events, payments
from shared.adapters.dynamodb.codec import from_text, to_text
from shared.adapters.dynamodb.dispute_counters import read_counters, to_updates
from shared.adapters.dynamodb.due import due_at, due_before, due_in, stamp
from shared.adapters.dynamodb.events import owner
from shared.adapters.dynamodb.writing import Item, number, put_if, text
from shared.domain.dispute import AWAITING, Dispute, Notice
from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.ids import DisputeId, MerchantId
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.domain.statuses import DisputeStatus
from shared.ports.disputes import DisputeChange, Period, Tally

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_SK: Final = "DISPUTE"
_UNMATCHED: Final = "UNMATCHED"


@dataclass(frozen=True, slots=True)
class DynamoDisputes:
    """The port ``Disputes``. A change is one transaction over disputes, counters, events and the payment."""

    client: DynamoDBClient
    table: str
    payments_table: str
    events_table: str

    def get(self, dispute_id: DisputeId) -> Dispute:
        item = self._get(dispute_id, _SK)
        if item is None:
            raise NotFound("there is no such dispute")
        return _from_item(item)

    def save(self, change: DisputeChange) -> bool:
        dispute = change.dispute
        beside = to_updates(self.table, change.before, dispute)
        beside += [{"Put": {"TableName": self.events_table, "Item": events.to_item(e)}} for e in change.events]
        if change.payment is not None:
            beside.append(payments.guarded_put(change.payment, self.payments_table))
        condition, values = "attribute_not_exists(pk)", None
        if change.before is not None:
            condition, values = "version = :version", {":version": number(dispute.version)}
        # Refused by the dispute's version or by the payment's: either way both are read again.
        return put_if(self.client, self.table, _to_item(dispute), condition, values, beside) is None

    def of_merchant(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        *,
        status: DisputeStatus | None,
        period: Period,
        limit: int,
        cursor: str | None,
    ) -> tuple[list[Dispute], str | None]:
        merchant = owner(merchant_id, environment)
        hash_key, value = ("merchantEnv", merchant) if status is None else ("merchantStatus", f"{merchant}#{status}")
        low, high = _bounds(period)
        request: dict[str, Any] = {
            "TableName": self.table,
            "IndexName": "merchant" if status is None else "status",
            "KeyConditionExpression": f"{hash_key} = :owner AND createdId BETWEEN :low AND :high",
            "ExpressionAttributeValues": {":owner": text(value), ":low": text(low), ":high": text(high)},
            "ScanIndexForward": False,
        }
        if cursor:
            request["ExclusiveStartKey"] = _start(cursor, low, high) | {hash_key: text(value)}
        found: list[Dispute] = []
        while len(found) <= limit:  # one more than wanted says whether there is a next page
            page = self.client.query(**request, Limit=limit + 1 - len(found))
            found += [_from_item(dict(item)) for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                break
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        return found[:limit], _place(found[limit - 1]) if len(found) > limit else None

    def tallies(self, merchant_id: MerchantId, environment: Environment) -> list[Tally]:
        item = self._get(f"COUNT#{owner(merchant_id, environment)}", "ALL")
        return read_counters(item or {})

    def days(
        self, merchant_id: MerchantId, environment: Environment, period: Period
    ) -> list[tuple[date, list[Tally]]]:
        first, last = period.first or date.min, period.last or date.max
        request: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": {
                ":pk": text(f"COUNT#{owner(merchant_id, environment)}"),
                ":first": text(f"DAY#{first}"),
                ":last": text(f"DAY#{last}"),
            },
            "ScanIndexForward": False,
            "ConsistentRead": True,
        }
        return [
            (date.fromisoformat(item["sk"]["S"].removeprefix("DAY#")), read_counters(item))
            for item in self._all(request)
        ]

    def overdue(
        self, merchant_id: MerchantId, environment: Environment, now: datetime, limit: int
    ) -> list[DisputeId]:
        mine = owner(merchant_id, environment)
        found = due_before(self.client, self.table, now, limit, index="overdue", hash_key="awaitingOf", keys=(mine,))
        return [DisputeId(item["pk"]["S"]) for item in found]

    def due(self, now: datetime, limit: int) -> list[DisputeId]:
        return [DisputeId(item["pk"]["S"]) for item in due_before(self.client, self.table, now, limit)]

    def keep_unmatched(self, notice: Notice, next_try: datetime) -> None:
        item = _unmatched_key(notice) | due_in(_UNMATCHED, next_try) | {"body": text(to_text(notice))}
        self.client.put_item(TableName=self.table, Item=item)

    def unmatched(self, now: datetime, limit: int) -> list[Notice]:
        due = due_before(self.client, self.table, now, limit, keys=(_UNMATCHED,))
        items = [self._get(_UNMATCHED, item["sk"]["S"]) for item in due]
        return [from_text(Notice, item["body"]["S"]) for item in items if item is not None]

    def forget_unmatched(self, notice: Notice) -> None:
        self.client.delete_item(TableName=self.table, Key=_unmatched_key(notice))

    def _get(self, pk: str, sk: str) -> Item | None:
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        item = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return None if item is None else dict(item)

    def _all(self, request: dict[str, Any]) -> Iterator[Item]:
        while True:
            page = self.client.query(**request)
            yield from (dict(item) for item in page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _place(dispute: Dispute) -> str:
    """Where a dispute stands in its merchant's list."""
    return f"{stamp(dispute.created_at)}#{dispute.id}"


def _bounds(period: Period) -> tuple[str, str]:
    """The first and the last place in a list that a period may have."""
    low = period.first.isoformat() if period.first else "0"
    high = (period.last + timedelta(days=1)).isoformat() if period.last else "9"
    return low, high


def _start(cursor: str, low: str, high: str) -> Item:
    dispute_id = cursor.partition("#")[2]
    if not dispute_id or not low <= cursor <= high:
        raise InvalidRequest("cursor is not one this list returned", param="cursor")
    return {"pk": text(dispute_id), "sk": text(_SK), "createdId": text(cursor)}


def _unmatched_key(notice: Notice) -> Any:
    message = f"{stamp(notice.happened_at)}#{notice.status}"
    return {"pk": text(_UNMATCHED), "sk": text(f"{notice.source}#{notice.psp_id}#{message}")}


def _to_item(dispute: Dispute) -> Item:
    merchant = owner(dispute.merchant_id, dispute.environment)
    item: Item = {
        "pk": text(dispute.id),
        "sk": text(_SK),
        "version": number(dispute.version + 1),
        "status": text(dispute.status),
        "merchantEnv": text(merchant),
        "merchantStatus": text(f"{merchant}#{dispute.status}"),
        "createdId": text(_place(dispute)),
        "body": text(to_text(replace(dispute, version=0))),
    }
    if dispute.due_at:
        item |= due_at(dispute.due_at, dispute.id)
        if dispute.status in AWAITING:  # what is looked at when its merchant reads; the others wait for no clock
            item["awaitingOf"] = text(merchant)
    return item


def _from_item(item: Item) -> Dispute:
    return replace(from_text(Dispute, item["body"]["S"]), version=int(item["version"]["N"]))
