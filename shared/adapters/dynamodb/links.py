"""Payment links table: one item per link; listed by merchant, by merchant and status, and by due time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.adapters.dynamodb.codec import from_text, to_text
from shared.adapters.dynamodb.due import due_at, due_before, stamp
from shared.adapters.dynamodb.events import owner
from shared.adapters.dynamodb.writing import Item, number, put_if, text
from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.ids import LinkId, MerchantId
from shared.domain.payment import Environment
from shared.domain.payment_link import LinkStatus, PaymentLink

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoLinks:
    """The port ``Links``."""

    client: DynamoDBClient
    table: str

    def get(self, link_id: LinkId) -> PaymentLink:
        item = self.client.get_item(TableName=self.table, Key={"pk": {"S": link_id}}, ConsistentRead=True).get("Item")
        if item is None:
            raise NotFound("there is no such payment link")
        return _from_item(dict(item))

    def create(self, link: PaymentLink) -> PaymentLink | None:
        return self._write(link, "attribute_not_exists(pk)", None)

    def save(self, link: PaymentLink) -> PaymentLink | None:
        return self._write(link, "version = :version", {":version": number(link.version)})

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
                raise InvalidRequest("cursor is not one this list returned")
            request["ExclusiveStartKey"] = {"pk": text(link_id), hash_key: text(value), "createdId": text(cursor)}
        page = self.client.query(**request)
        last = page.get("LastEvaluatedKey")
        return [_from_item(dict(item)) for item in page["Items"]], last["createdId"]["S"] if last else None

    def due(self, now: datetime, limit: int) -> list[LinkId]:
        return [LinkId(item["pk"]["S"]) for item in due_before(self.client, self.table, now, limit)]

    def _write(self, link: PaymentLink, condition: str, values: Item | None) -> PaymentLink | None:
        refused = put_if(self.client, self.table, _to_item(link), condition, values)
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
    if link.due_at:
        item |= due_at(link.due_at)
    return item


def _from_item(item: Item) -> PaymentLink:
    return replace(from_text(PaymentLink, item["body"]["S"]), version=int(item["version"]["N"]))
