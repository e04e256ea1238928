"""Merchants table: operators by their names, and each key by its hash, so that one read authenticates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb.codec import from_text, to_text
from shared.adapters.dynamodb.writing import Item, text, transact
from shared.domain.errors import NotFound, StaleWrite, Unauthenticated
from shared.domain.ids import fingerprint
from shared.domain.operator import Operator, is_key
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_ALL: Final = "OPERATORS"
_KEY: Final = "OPERATOR"
_ABSENT: Final = "attribute_not_exists(pk)"


@dataclass(frozen=True, slots=True)
class DynamoOperators:
    """The port ``Operators``. Whoever changes one names the key that it had: of two at once, one is told."""

    client: DynamoDBClient
    table: str

    def named_by(self, key: str) -> Operator:
        found = self._get(_key(fingerprint(key))) if is_key(key) else None
        if found is None:
            raise Unauthenticated("the operator's key is not known")
        return from_text(Operator, found["body"]["S"])

    def all(self) -> list[Operator]:
        page = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": _ALL}},
            ConsistentRead=True,
        )
        return [from_text(Operator, dict(item)["body"]["S"]) for item in page["Items"]]

    def put(self, operator: Operator) -> None:
        was = self._known(operator.name)
        body = text(to_text(operator))
        named: Item = {**_named(operator.name), "key": text(operator.fingerprint), "body": body}
        keyed: Item = {**_key(operator.fingerprint), "body": body}
        writes = [self._put(named, was), self._put(keyed, None)]
        self._write([*writes, *([self._gone(_key(was.fingerprint))] if was else [])])

    def remove(self, name: str) -> None:
        was = self._known(name)
        if was is None:
            raise NotFound(f"there is no operator {name}")
        self._write([self._gone(_named(name), was.fingerprint), self._gone(_key(was.fingerprint))])

    def _known(self, name: str) -> Operator | None:
        found = self._get(_named(name))
        return from_text(Operator, found["body"]["S"]) if found else None

    def _get(self, key: Item) -> Item | None:
        found = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return dict(found) if found else None

    def _write(self, writes: list[dict[str, Any]]) -> None:
        if transact(self.client, writes) is not None:
            raise StaleWrite("this operator was changed meanwhile: try again")

    def _put(self, item: Item, was: Operator | None) -> dict[str, Any]:
        put: dict[str, Any] = {
            "TableName": self.table,
            "Item": item,
            "ConditionExpression": _ABSENT,
        }
        return {"Put": {**put, **_still(was.fingerprint)} if was else put}

    def _gone(self, key: Item, of: str = "") -> dict[str, Any]:
        return {"Delete": {"TableName": self.table, "Key": key, **(_still(of) if of else {})}}


def _still(key: str) -> dict[str, Any]:
    return {
        "ConditionExpression": "#key = :key",
        "ExpressionAttributeNames": {"#key": "key"},
        "ExpressionAttributeValues": {":key": text(key)},
    }


def _named(name: str) -> Item:
    return {"pk": text(_ALL), "sk": text(name)}


def _key(key_fingerprint: str) -> Item:
    return {"pk": text(f"OPERATOR#{key_fingerprint}"), "sk": text(_KEY)}
