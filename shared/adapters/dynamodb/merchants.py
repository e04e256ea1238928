"""Merchants table: a key is found by its hash and carries its merchant, so that one read authenticates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from shared.adapters.dynamodb.codec import from_text, to_text
from shared.adapters.dynamodb.writing import Item, number, put_if, text, transact
from shared.domain.errors import Conflict, NotFound, Unauthenticated
from shared.domain.ids import MerchantId, fingerprint
from shared.domain.merchant import Credential, Endpoint, KeyKind, Merchant, Secret
from shared.domain.payment import Environment
from shared.ports.merchants import NewKey, NewSecret

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_ABSENT = "attribute_not_exists(pk)"


@dataclass(frozen=True, slots=True)
class DynamoMerchants:
    """The port ``Merchants``. Key values are never stored, only their SHA-256."""

    client: DynamoDBClient
    table: str

    def credential(self, key: str) -> Credential:
        item = self._get(_key_pk(key), "KEY")
        if item is None:
            raise Unauthenticated("the API key is not known")
        return Credential(
            merchant=from_text(Merchant, item["body"]["S"]),
            environment=Environment(item["environment"]["S"]),
            kind=KeyKind(item["kind"]["S"]),
            fingerprint=fingerprint(key),
        )

    def get(self, merchant_id: MerchantId) -> Merchant:
        item = self._get(_pk(merchant_id), "PROFILE")
        if item is None:
            raise NotFound("there is no such merchant")
        return from_text(Merchant, item["body"]["S"])

    def create(self, merchant: Merchant, keys: Sequence[NewKey], secrets: Sequence[NewSecret]) -> None:
        profile = {"pk": text(_pk(merchant.id)), "sk": text("PROFILE"), "body": text(to_text(merchant))}
        owned = [
            {
                "pk": text(_pk(merchant.id)),
                "sk": text(f"SECRET#{new.environment}"),
                "body": text(to_text(new.secret)),
            }
            for new in secrets
        ]
        items = [profile, *(_key_item(merchant, key) for key in keys), *owned]
        if transact(self.client, [self._new(item) for item in items]) is not None:
            raise Conflict("this merchant, or one of its keys, exists already")

    def change(self, before: Merchant, after: Merchant) -> None:
        profile = self._get(_pk(before.id), "PROFILE")
        known = profile is not None and from_text(Merchant, profile["body"]["S"]) == before
        items = [profile, *self._keys_of(before.id)] if known and profile else []
        changes = [self._rewritten(item, text(to_text(after))) for item in items]
        if not changes or transact(self.client, changes) is not None:
            raise Conflict("this merchant or one of its keys was changed at the same moment; try again")

    def replace_key(self, old: str, new: NewKey) -> None:
        item = self._get(_key_pk(old), "KEY")
        if item is None:
            raise NotFound("this key was replaced already")
        merchant = from_text(Merchant, item["body"]["S"])
        gone: dict[str, Any] = {
            "Delete": {
                "TableName": self.table,
                "Key": {"pk": text(_key_pk(old)), "sk": text("KEY")},
                # The new key takes over the settings that were read; they must still be those.
                "ConditionExpression": "body = :body",
                "ExpressionAttributeValues": {":body": item["body"]},
            }
        }
        if transact(self.client, [gone, self._new(_key_item(merchant, new))]) is not None:
            raise NotFound("this key was replaced already")

    def endpoints(self, merchant_id: MerchantId, environment: Environment) -> list[Endpoint]:
        page = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={
                ":pk": {"S": _pk(merchant_id)},
                ":prefix": {"S": _endpoint_sk(environment, "")},
            },
            ConsistentRead=True,
        )
        found = [_endpoint(dict(item)) for item in page["Items"]]
        return sorted(found, key=lambda endpoint: endpoint.created_at)

    def endpoint(self, merchant_id: MerchantId, environment: Environment, endpoint_id: str) -> Endpoint:
        item = self._get(_pk(merchant_id), _endpoint_sk(environment, endpoint_id))
        if item is None:
            raise NotFound("there is no such webhook endpoint")
        return _endpoint(item)

    def save_endpoint(self, endpoint: Endpoint) -> Endpoint | None:
        item: Item = {
            "pk": text(_pk(endpoint.merchant_id)),
            "sk": text(_endpoint_sk(endpoint.environment, endpoint.id)),
            "version": number(endpoint.version + 1),
            "body": text(to_text(replace(endpoint, version=0))),
        }
        if endpoint.version == 0:
            refused = put_if(self.client, self.table, item, _ABSENT)
        else:
            values = {":version": number(endpoint.version)}
            refused = put_if(self.client, self.table, item, "version = :version", values)
        if refused is None:
            return None
        if not refused:
            raise NotFound("there is no such webhook endpoint")
        return _endpoint(refused)

    def delete_endpoint(self, endpoint: Endpoint) -> None:
        sk = _endpoint_sk(endpoint.environment, endpoint.id)
        self.client.delete_item(TableName=self.table, Key={"pk": {"S": _pk(endpoint.merchant_id)}, "sk": {"S": sk}})

    def own_secret(self, merchant_id: MerchantId, environment: Environment) -> Secret:
        item = self._get(_pk(merchant_id), f"SECRET#{environment}")
        if item is None:
            raise NotFound("there is no such merchant")
        return from_text(Secret, item["body"]["S"])

    def _keys_of(self, merchant_id: MerchantId) -> Iterator[Item]:
        """The items of a merchant's keys. They are found by nothing but the key, so all are looked at."""
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.table,
            FilterExpression="sk = :key AND contains(body, :id)",
            ExpressionAttributeValues={":key": text("KEY"), ":id": text(merchant_id)},
            ConsistentRead=True,
        )
        for page in pages:
            for item in page["Items"]:
                if from_text(Merchant, item["body"]["S"]).id == merchant_id:
                    yield dict(item)

    def _rewritten(self, item: Item, body: Item) -> dict[str, Any]:
        """Each copy as long as it is the one that was read: a key that is being replaced hands its copy on."""
        return {
            "Update": {
                "TableName": self.table,
                "Key": {"pk": item["pk"], "sk": item["sk"]},
                "UpdateExpression": "SET body = :new",
                "ConditionExpression": "body = :old",
                "ExpressionAttributeValues": {":old": item["body"], ":new": body},
            }
        }

    def _get(self, pk: str, sk: str) -> Item | None:
        found = self.client.get_item(
            TableName=self.table, Key={"pk": {"S": pk}, "sk": {"S": sk}}, ConsistentRead=True
        ).get("Item")
        return dict(found) if found else None

    def _new(self, item: Item) -> dict[str, Any]:
        return {"Put": {"TableName": self.table, "Item": item, "ConditionExpression": _ABSENT}}


def _pk(merchant_id: str) -> str:
    return f"MERCHANT#{merchant_id}"


def _key_pk(key: str) -> str:
    return f"KEY#{fingerprint(key)}"


def _endpoint_sk(environment: str, endpoint_id: str) -> str:
    return f"ENDPOINT#{environment}#{endpoint_id}"


def _key_item(merchant: Merchant, key: NewKey) -> Item:
    return {
        "pk": text(_key_pk(key.value)),
        "sk": text("KEY"),
        "environment": text(key.environment),
        "kind": text(key.kind),
        "body": text(to_text(merchant)),
    }


def _endpoint(item: Item) -> Endpoint:
    return replace(from_text(Endpoint, item["body"]["S"]), version=int(item["version"]["N"]))
