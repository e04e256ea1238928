"""Payment links table: one item per link; listed by merchant, by merchant and status, and by due time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb import events as outbox
from shared.adapters.dynamodb.codec import from_text, to_text
from shared.adapters.dynamodb.due import due_at, due_before, stamp
from shared.adapters.dynamodb.events import owner
from shared.adapters.dynamodb.numbered import Wanted, listed_as, numbered
from shared.adapters.dynamodb.writing import Item, number, put_if, text
from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.event import Event
from shared.domain.ids import LinkId, MerchantId
from shared.domain.payment import PAYGLOBE, Environment
from shared.domain.payment_link import PaymentLink
from shared.domain.record import dataclass
from shared.domain.statuses import LinkStatus
from shared.ports.links import WantedLinks
from shared.ports.numbered import Listed, NumberedPage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_IN_STATUS: Final = {
    LinkStatus.PENDING: "#status = :status AND endsAt > :now",
    LinkStatus.EXPIRED: "(#status = :status OR (#status = :pending AND endsAt <= :now))",
}


@dataclass(frozen=True, slots=True)
class DynamoLinks:
    """The port ``Links``."""

    client: DynamoDBClient
    table: str
    events_table: str

    def get(self, link_id: LinkId) -> PaymentLink:
        item = self.client.get_item(TableName=self.table, Key={"pk": {"S": link_id}}, ConsistentRead=True).get("Item")
        if item is None:
            raise NotFound("there is no such payment link")
        return _from_item(dict(item))

    def create(self, link: PaymentLink) -> PaymentLink | None:
        return self._write(link, "attribute_not_exists(pk)", None)

    def save(self, link: PaymentLink, events: Sequence[Event] = ()) -> PaymentLink | None:
        return self._write(link, "version = :version", {":version": number(link.version)}, events)

    def of_family(
        self, merchant_id: MerchantId, environment: Environment, wanted: WantedLinks, page: NumberedPage
    ) -> Listed[PaymentLink]:
        listed = _list_of(merchant_id, environment, wanted.family)
        items, count = numbered(self.client, self.table, listed, page, _narrowed(wanted))
        return Listed([_from_item(item) for item in items], count)

    def of_merchant(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        *,
        status: LinkStatus | None,
        limit: int,
        cursor: str | None,
    ) -> tuple[list[PaymentLink], str | None]:
        merchant = owner(merchant_id, environment)
        hash_key, value = ("merchantEnv", merchant) if status is None else ("merchantStatus", f"{merchant}#{status}")
        request: dict[str, Any] = {
            "TableName": self.table,
            "IndexName": "merchant" if status is None else "status",
            "KeyConditionExpression": f"{hash_key} = :owner",
            "ExpressionAttributeValues": {":owner": text(value)},
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if cursor:
            link_id = cursor.partition("#")[2]
            if not link_id:
                raise InvalidRequest("cursor is not one this list returned", param="cursor")
            request["ExclusiveStartKey"] = {"pk": text(link_id), hash_key: text(value), "createdId": text(cursor)}
        page = self.client.query(**request)
        last = page.get("LastEvaluatedKey")
        return [_from_item(dict(item)) for item in page["Items"]], last["createdId"]["S"] if last else None

    def due(self, now: datetime, limit: int) -> list[LinkId]:
        return [LinkId(item["pk"]["S"]) for item in due_before(self.client, self.table, now, limit)]

    def _write(
        self, link: PaymentLink, condition: str, values: Item | None, told: Sequence[Event] = ()
    ) -> PaymentLink | None:
        beside = [{"Put": {"TableName": self.events_table, "Item": outbox.to_item(event)}} for event in told]
        refused = put_if(self.client, self.table, _to_item(link), condition, values, beside)
        if refused is None:
            return None
        if not refused:
            raise NotFound("there is no such payment link")
        return _from_item(refused)


def _to_item(link: PaymentLink) -> Item:
    merchant = owner(link.merchant_id, link.environment)
    item: Item = {
        "pk": text(link.id),
        "version": number(link.version + 1),
        "status": text(link.status),
        "merchantEnv": text(merchant),
        "merchantStatus": text(f"{merchant}#{link.status}"),
        "createdId": text(f"{stamp(link.created_at)}#{link.id}"),
        "body": text(to_text(replace(link, version=0))),
    }
    if link.family != PAYGLOBE:
        item |= listed_as(_list_of(link.merchant_id, link.environment, link.family), link.created_at)
        item |= {"endsAt": text(stamp(link.expires_at)), "customerId": text(link.customer_id or "-")}
    if link.due_at:
        item |= due_at(link.due_at, link.id)
    return item


def _list_of(merchant_id: str, environment: str, family: str) -> str:
    return f"{owner(merchant_id, environment)}#{family}"


def _narrowed(wanted: WantedLinks) -> Wanted:
    """A status as ``PaymentLink.status_at`` says it."""
    parts, values = [], {}
    if wanted.customer_id is not None:
        parts.append("customerId = :customer")
        values[":customer"] = text(wanted.customer_id)
    if wanted.status is not None:
        parts.append(_IN_STATUS.get(wanted.status, "#status = :status"))
        values[":status"] = text(wanted.status)
    if wanted.status in _IN_STATUS:
        values[":now"] = text(stamp(wanted.now))
    if wanted.status is LinkStatus.EXPIRED:
        values[":pending"] = text(LinkStatus.PENDING)
    return Wanted(" AND ".join(parts), values, {"#status": "status"} if wanted.status else {})


def _from_item(item: Item) -> PaymentLink:
    return replace(from_text(PaymentLink, item["body"]["S"]), version=int(item["version"]["N"]))
