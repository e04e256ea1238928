"""Merchants table: a key is found by its hash and carries its merchant, so that one read authenticates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from shared.adapters.dynamodb.codec import from_text, to_text
from shared.adapters.dynamodb.keys import KEY, is_over, key_item, key_pk, last_used, note_use, rewritten
from shared.adapters.dynamodb.merchants_listed import (
    PROFILE,
    holder_of,
    listed,
    merchant_pk,
    profile,
    record_of,
    records,
    take,
    taken_key,
)
from shared.adapters.dynamodb.works import works_pk, works_sk
from shared.adapters.dynamodb.writing import Item, number, put_if, text, transact
from shared.domain.errors import Conflict, NotFound, Unauthenticated
from shared.domain.ids import MerchantId, fingerprint
from shared.domain.merchant import (
    AuditLine,
    Credential,
    Endpoint,
    Key,
    Listed,
    Merchant,
    MerchantRecord,
    OwnConnector,
    Secret,
    Service,
    ServiceCredential,
    name_taken,
)
from shared.domain.mode import Environment
from shared.domain.record import dataclass
from shared.ports.merchants import NewSecret
from shared.ports.world import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_ABSENT = "attribute_not_exists(pk)"
_PRESENT = "attribute_exists(pk)"
_SERVICE = "SERVICE"
_AUDIT = "AUDIT#"
_CONNECTOR = "CONNECTOR"


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class DynamoMerchants:
    """The port ``Merchants``. Key values are never stored, only their SHA-256."""

    client: DynamoDBClient
    table: str
    now: Clock = _utc_now

    def credential(self, key: str) -> Credential:
        found = fingerprint(key)
        item = self._get(key_pk(found), KEY)
        if item is None or is_over(item, self.now()):
            raise Unauthenticated("the API key is not known")
        note_use(self.client, self.table, item, self.now())
        return replace(from_text(Credential, item["body"]["S"]), fingerprint=found)

    def last_used(self, keys: Sequence[Key]) -> dict[str, datetime]:
        return last_used(self.client, self.table, keys)

    def service(self, service_id: str) -> ServiceCredential:
        item = self._get(_service_pk(service_id), _SERVICE)
        if item is None:
            raise NotFound("there is no such service")
        return from_text(ServiceCredential, item["body"]["S"])

    def get(self, merchant_id: MerchantId) -> Merchant:
        return self.record(merchant_id).merchant

    def record(self, merchant_id: MerchantId) -> MerchantRecord:
        item = self._get(merchant_pk(merchant_id), PROFILE)
        if item is None:
            raise NotFound("there is no such merchant")
        return record_of(item)

    def create(
        self, record: MerchantRecord, secrets: Sequence[NewSecret] = (), line: AuditLine | None = None
    ) -> None:
        owned = [
            {
                "pk": text(merchant_pk(record.merchant.id)),
                "sk": text(f"SECRET#{new.environment}"),
                "body": text(to_text(new.secret)),
            }
            for new in secrets
        ]
        services = [_service_item(record, service) for service in record.services]
        addressed = [_connector_item(*each) for each in record.addressed().items()]
        items = [profile(record), *(key_item(record, key) for key in record.keys), *services, *addressed, *owned]
        items += [_audit_item(record.merchant.id, 1, line)] if line else []
        named = take(self.table, record, self.now())
        if transact(self.client, [*(self._put(item, _ABSENT) for item in items), *named]) is not None:
            self._check_free(record)
            raise Conflict("this merchant, or one of its keys or services, exists already")

    def change(self, before: MerchantRecord, after: MerchantRecord, line: AuditLine) -> MerchantRecord | None:
        was = {key.fingerprint for key in before.keys}
        written = replace(after, version=before.version)
        own = self._put(profile(written), "version = :version", {":version": number(before.version)})
        # The version of the profile guards its keys: nothing else writes them.
        keys = [self._key(key_item(after, key), is_new=key.fingerprint not in was) for key in after.keys]
        gone = [self._gone(key_pk(key), KEY) for key in sorted(was - {key.fingerprint for key in after.keys})]
        here, there = after.addressed(), before.addressed()
        gone += [self._gone(_connector_pk(name), _CONNECTOR) for name in sorted(there.keys() - here.keys())]
        keys += [self._put(_connector_item(name, here[name]), _ABSENT) for name in sorted(here.keys() - there.keys())]
        new, old = _addresses(after), _addresses(before)
        gone += [self._gone(works_pk(email), works_sk(after.merchant.id)) for email in sorted(old - new)]
        keys += [self._put(_works_item(email, after.merchant.id), _ABSENT) for email in sorted(new - old)]
        services = [self._put(_service_item(after, service), _PRESENT) for service in after.services]
        told = self._put(_audit_item(after.merchant.id, before.version + 1, line), _ABSENT)
        if transact(self.client, [own, *keys, *services, *gone, told]) is None:
            return None
        newer = self.record(after.merchant.id)
        if newer.version == before.version:
            raise Conflict("a key of this merchant exists already")
        return newer

    def connector(self, connector_id: str) -> OwnConnector:
        item = self._get(_connector_pk(connector_id), _CONNECTOR)
        if item is None:
            raise NotFound("there is no such connector")
        return from_text(OwnConnector, item["body"]["S"])

    def all(self) -> Iterator[MerchantRecord]:
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.table,
            FilterExpression="sk = :profile",
            ExpressionAttributeValues={":profile": text(PROFILE)},
            ConsistentRead=True,
        )
        return (record_of(dict(item)) for page in pages for item in page["Items"])

    def listed(self) -> Iterator[Listed]:
        return listed(self.client, self.table)

    def records(self, merchant_ids: Sequence[MerchantId]) -> list[MerchantRecord]:
        return records(self.client, self.table, merchant_ids)

    def audit_trail(self, merchant_id: MerchantId, most: int) -> list[AuditLine]:
        page = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={":pk": {"S": merchant_pk(merchant_id)}, ":prefix": {"S": _AUDIT}},
            ScanIndexForward=False,
            Limit=most,
            ConsistentRead=True,
        )
        return [from_text(AuditLine, dict(item)["body"]["S"]) for item in page["Items"]]

    def endpoints(self, merchant_id: MerchantId, environment: Environment) -> list[Endpoint]:
        page = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={
                ":pk": {"S": merchant_pk(merchant_id)},
                ":prefix": {"S": _endpoint_sk(environment, "")},
            },
            ConsistentRead=True,
        )
        found = [_endpoint(dict(item)) for item in page["Items"]]
        return sorted(found, key=lambda endpoint: endpoint.created_at)

    def endpoint(self, merchant_id: MerchantId, environment: Environment, endpoint_id: str) -> Endpoint:
        item = self._get(merchant_pk(merchant_id), _endpoint_sk(environment, endpoint_id))
        if item is None:
            raise NotFound("there is no such webhook endpoint")
        return _endpoint(item)

    def save_endpoint(self, endpoint: Endpoint, *, first: int = 1) -> Endpoint | None:
        item: Item = {
            "pk": text(merchant_pk(endpoint.merchant_id)),
            "sk": text(_endpoint_sk(endpoint.environment, endpoint.id)),
            "version": number(endpoint.version + 1 if endpoint.version else first),
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
        self.client.delete_item(
            TableName=self.table, Key={"pk": {"S": merchant_pk(endpoint.merchant_id)}, "sk": {"S": sk}}
        )

    def own_secret(self, merchant_id: MerchantId, environment: Environment) -> Secret:
        item = self._get(merchant_pk(merchant_id), f"SECRET#{environment}")
        if item is None:
            raise NotFound("there is no such merchant")
        return from_text(Secret, item["body"]["S"])

    def _check_free(self, record: MerchantRecord) -> None:
        """Raises Conflict when another merchant of this name and address was made within the day."""
        key = taken_key(record.merchant)
        holder = holder_of(self._get(key["pk"]["S"], key["sk"]["S"]), self.now())
        if holder is not None and holder != record.merchant.id:
            raise name_taken(holder)

    def _key(self, item: Item, *, is_new: bool) -> dict[str, Any]:
        return self._put(item, _ABSENT) if is_new else rewritten(self.table, item)

    def _get(self, pk: str, sk: str) -> Item | None:
        found = self.client.get_item(
            TableName=self.table, Key={"pk": {"S": pk}, "sk": {"S": sk}}, ConsistentRead=True
        ).get("Item")
        return dict(found) if found else None

    def _put(self, item: Item, condition: str, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
        put: dict[str, Any] = {"TableName": self.table, "Item": item, "ConditionExpression": condition}
        return {"Put": {**put, "ExpressionAttributeValues": dict(values)} if values else put}

    def _gone(self, pk: str, sk: str) -> dict[str, Any]:
        where = {"pk": text(pk), "sk": text(sk)}
        return {"Delete": {"TableName": self.table, "Key": where, "ConditionExpression": _PRESENT}}


def _connector_pk(connector_id: str) -> str:
    return f"CONNECTOR#{connector_id}"


def _connector_item(connector_id: str, own: OwnConnector) -> Item:
    return {"pk": text(_connector_pk(connector_id)), "sk": text(_CONNECTOR), "body": text(to_text(own))}


def _addresses(record: MerchantRecord) -> set[str]:
    return {person.email for person in record.people}


def _works_item(email: str, merchant_id: str) -> Item:
    """Whoever asks for a link names an address alone: this says at which merchants it is known."""
    return {"pk": text(works_pk(email)), "sk": text(works_sk(merchant_id))}


def _service_pk(service_id: str) -> str:
    return f"SERVICE#{service_id}"


def _service_item(record: MerchantRecord, service: Service) -> Item:
    """Rewritten like a key's. Its secrets are readable, because they sign."""
    return {
        "pk": text(_service_pk(service.id)),
        "sk": text(_SERVICE),
        "body": text(to_text(record.service_credential(service))),
    }


def _endpoint_sk(environment: str, endpoint_id: str) -> str:
    return f"ENDPOINT#{environment}#{endpoint_id}"


def _audit_item(merchant_id: str, version: int, line: AuditLine) -> Item:
    """Named by the version that the change made: in order, and one line each."""
    return {"pk": text(merchant_pk(merchant_id)), "sk": text(f"{_AUDIT}{version:010d}"), "body": text(to_text(line))}


def _endpoint(item: Item) -> Endpoint:
    return replace(from_text(Endpoint, item["body"]["S"]), version=int(item["version"]["N"]))
