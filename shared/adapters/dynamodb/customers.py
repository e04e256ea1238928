"""Customers table: one item per customer, and one for each address that is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shared.adapters.dynamodb.codec import from_text, to_text
from shared.adapters.dynamodb.events import owner
from shared.adapters.dynamodb.numbered import Wanted, listed_as, numbered
from shared.adapters.dynamodb.writing import Item, number, put_if, text
from shared.domain.customer import Customer
from shared.domain.errors import Conflict, NotFound
from shared.domain.ids import CustomerId, MerchantId
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.ports.numbered import Listed, NumberedPage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_ABSENT = "attribute_not_exists(pk)"


@dataclass(frozen=True, slots=True)
class DynamoCustomers:
    """The port ``Customers``."""

    client: DynamoDBClient
    table: str

    def get(self, customer_id: CustomerId) -> Customer:
        item = self.client.get_item(TableName=self.table, Key={"pk": {"S": customer_id}}, ConsistentRead=True).get(
            "Item"
        )
        if item is None:
            raise NotFound("there is no such customer")
        return _from_item(dict(item))

    def create(self, customer: Customer) -> None:
        refused = put_if(self.client, self.table, _to_item(customer), _ABSENT, beside=[self._taken(customer)])
        if refused is not None:
            raise _taken_already()

    def save(self, customer: Customer, before: Customer) -> Customer | None:
        beside = []
        if _address(customer) != _address(before):
            given_up = {"TableName": self.table, "Key": {"pk": text(_address(before))}}
            beside = [self._taken(customer), {"Delete": given_up}]
        values = {":version": number(before.version)}
        item = _to_item(replace(customer, version=before.version))
        refused = put_if(self.client, self.table, item, "version = :version", values, beside)
        if refused is None:
            return None
        if "version" not in refused:
            raise _taken_already()
        return _from_item(refused)

    def of_merchant(
        self, merchant_id: MerchantId, environment: Environment, page: NumberedPage, *, email: str | None = None
    ) -> Listed[Customer]:
        wanted = Wanted("email = :email", {":email": text(email.casefold())}) if email else Wanted()
        items, count = numbered(self.client, self.table, owner(merchant_id, environment), page, wanted)
        return Listed([_from_item(item) for item in items], count)

    def _taken(self, customer: Customer) -> dict[str, Any]:
        mark = {"pk": text(_address(customer)), "customerId": text(customer.id)}
        return {"Put": {"TableName": self.table, "Item": mark, "ConditionExpression": _ABSENT}}


def _taken_already() -> Conflict:
    return Conflict("a customer with this e-mail address in this country exists already", code="email_taken")


def _address(customer: Customer) -> str:
    return f"EMAIL#{owner(customer.merchant_id, customer.environment)}#{customer.country}#{customer.email_key}"


def _to_item(customer: Customer) -> Item:
    return {
        "pk": text(customer.id),
        "version": number(customer.version + 1),
        "email": text(customer.email_key),
        **listed_as(owner(customer.merchant_id, customer.environment), customer.created_at),
        "body": text(to_text(replace(customer, version=0))),
    }


def _from_item(item: Item) -> Customer:
    return replace(from_text(Customer, item["body"]["S"]), version=int(item["version"]["N"]))
