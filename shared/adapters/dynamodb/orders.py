"""Orders table: one item per order, and one for each number of a merchant's own that is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb import events, payments
from shared.adapters.dynamodb.codec import from_text, to_text
from shared.adapters.dynamodb.due import due_at, due_before, stamp
from shared.adapters.dynamodb.events import owner
from shared.adapters.dynamodb.numbered import Wanted, listed_as, numbered
from shared.adapters.dynamodb.writing import Item, number, put_if, text
from shared.domain.errors import Conflict, NotFound
from shared.domain.ids import CustomerId, MerchantId, OrderId
from shared.domain.order import Order
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.domain.statuses import OrderStatus
from shared.ports.numbered import Listed, NumberedPage
from shared.ports.orders import Numbered, OrderChange

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_ABSENT: Final = "attribute_not_exists(pk)"
_STATUS: Final = {"#status": "status"}
# As ``Order.status_at`` says it. ``endsAt`` is there while no try is under way.
_IN_STATUS: Final = {
    OrderStatus.ACTIVE: "#status = :status AND (attribute_not_exists(endsAt) OR endsAt > :now)",
    OrderStatus.PAID: "#status = :status",
    OrderStatus.EXPIRED: "(#status = :status OR (#status = :active AND endsAt <= :now))",
}


@dataclass(frozen=True, slots=True)
class DynamoOrders:
    """The port ``Orders``."""

    client: DynamoDBClient
    table: str
    payments_table: str
    events_table: str

    def get(self, order_id: OrderId) -> Order:
        item = self._item(order_id)
        if item is None:
            raise NotFound("there is no such order")
        return _from_item(item)

    def create(self, order: Order) -> None:
        beside = [self._taken(order, Numbered.ORDER, order.reference, order.id)] if order.reference else []
        if put_if(self.client, self.table, _to_item(order), _ABSENT, beside=beside) is not None:
            raise _taken_already(Numbered.ORDER)

    def save(self, change: OrderChange) -> Order | None:
        order, begins = change.order, change.attempt
        beside = [{"Put": {"TableName": self.events_table, "Item": events.to_item(e)}} for e in change.events]
        if begins is not None:
            beside += payments.new_puts(begins, self.payments_table)
            if reference := begins.payment.reference:
                beside.append(self._taken(order, Numbered.PAYMENT, reference, begins.payment.id))
        values = {":version": number(order.version)}
        refused = put_if(self.client, self.table, _to_item(order), "version = :version", values, beside)
        if refused is None:
            return None
        if "version" not in refused:
            raise _taken_already(Numbered.PAYMENT)
        return _from_item(refused)

    def by_reference(
        self, merchant_id: MerchantId, environment: Environment, kind: Numbered, reference: str
    ) -> str | None:
        item = self._item(_reference(owner(merchant_id, environment), kind, reference))
        return None if item is None else str(item["id"]["S"])

    def of_merchant(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        page: NumberedPage,
        now: datetime,
        *,
        customer_id: CustomerId | None = None,
        status: OrderStatus | None = None,
    ) -> Listed[Order]:
        wanted = _wanted(now, customer_id, status)
        items, count = numbered(self.client, self.table, owner(merchant_id, environment), page, wanted)
        return Listed([_from_item(item) for item in items], count)

    def due(self, now: datetime, limit: int) -> list[OrderId]:
        return [OrderId(item["pk"]["S"]) for item in due_before(self.client, self.table, now, limit)]

    def _item(self, pk: str) -> Item | None:
        found = self.client.get_item(TableName=self.table, Key={"pk": {"S": pk}}, ConsistentRead=True).get("Item")
        return None if found is None else dict(found)

    def _taken(self, order: Order, kind: Numbered, reference: str, named: str) -> dict[str, Any]:
        pk = _reference(owner(order.merchant_id, order.environment), kind, reference)
        mark = {"pk": text(pk), "id": text(named)}
        return {"Put": {"TableName": self.table, "Item": mark, "ConditionExpression": _ABSENT}}


def _taken_already(kind: Numbered) -> Conflict:
    return Conflict(f"this number of yours names another {kind} already", code=f"{kind}_reference_taken")


def _reference(owned_by: str, kind: Numbered, reference: str) -> str:
    return f"REFERENCE#{owned_by}#{kind}#{reference}"


def _wanted(now: datetime, customer_id: CustomerId | None, status: OrderStatus | None) -> Wanted:
    parts: list[str] = []
    values: dict[str, Item] = {}
    if customer_id is not None:
        parts.append("customerId = :customer")
        values[":customer"] = text(customer_id)
    if status is not None:
        parts.append(_IN_STATUS[status])
        values[":status"] = text(status)
        if status is not OrderStatus.PAID:
            values[":now"] = text(stamp(now))
        if status is OrderStatus.EXPIRED:
            values[":active"] = text(OrderStatus.ACTIVE)
    return Wanted(" AND ".join(parts), values, _STATUS if status else {})


def _to_item(order: Order) -> Item:
    item: Item = {
        "pk": text(order.id),
        "version": number(order.version + 1),
        "status": text(order.status),
        "customerId": text(order.customer_id),
        **listed_as(owner(order.merchant_id, order.environment), order.created_at),
        "body": text(to_text(replace(order, version=0))),
    }
    if order.attempt is None:
        item["endsAt"] = text(stamp(order.expires_at))
    return item | due_at(order.due_at, order.id) if order.due_at else item


def _from_item(item: Item) -> Order:
    return replace(from_text(Order, item["body"]["S"]), version=int(item["version"]["N"]))
