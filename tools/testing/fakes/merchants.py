"""Merchants, their keys and endpoints in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

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
    ServiceCredential,
    name_taken,
)
from shared.domain.payment import Environment
from shared.ports.merchants import NewSecret
from shared.ports.world import Clock
from tools.testing.fakes.clock import NOON

NOTED_EVERY = timedelta(hours=1)


class FakeMerchants:
    """The port ``Merchants``. Like the table, it keeps fingerprints of keys, not the keys."""

    def __init__(self, now: Clock = lambda: NOON) -> None:
        self._now = now
        self._records: dict[MerchantId, MerchantRecord] = {}
        self._keys: dict[str, tuple[MerchantId, Key]] = {}
        self._names: dict[tuple[str, str], tuple[MerchantId, datetime]] = {}
        self._used: dict[str, datetime] = {}
        self._audit: dict[MerchantId, list[AuditLine]] = {}
        self._secrets: dict[tuple[MerchantId, Environment], Secret] = {}
        self._endpoints: dict[tuple[MerchantId, Environment, str], Endpoint] = {}
        self._lock = threading.RLock()

    def credential(self, key: str) -> Credential:
        with self._lock:
            merchant_id, found = self._keys.get(fingerprint(key), (None, None))
            if merchant_id is None or found is None or not found.is_valid(self._now()):
                raise Unauthenticated("the API key is not known")
            noted = self._used.get(found.fingerprint)
            if noted is None or self._now() - noted >= NOTED_EVERY:
                self._used[found.fingerprint] = self._now().replace(microsecond=0)
            return self._records[merchant_id].credential(found)

    def last_used(self, keys: Sequence[Key]) -> dict[str, datetime]:
        return {key.fingerprint: self._used[key.fingerprint] for key in keys if key.fingerprint in self._used}

    def service(self, service_id: str) -> ServiceCredential:
        with self._lock:
            for record in self._records.values():
                for service in record.services:
                    if service.id == service_id:
                        return record.service_credential(service)
        raise NotFound("there is no such service")

    def get(self, merchant_id: MerchantId) -> Merchant:
        return self.record(merchant_id).merchant

    def record(self, merchant_id: MerchantId) -> MerchantRecord:
        with self._lock:
            found = self._records.get(merchant_id)
        if found is None:
            raise NotFound("there is no such merchant")
        return found

    def create(
        self, record: MerchantRecord, secrets: Sequence[NewSecret] = (), line: AuditLine | None = None
    ) -> None:
        with self._lock:
            if record.merchant.id in self._records or self._taken(record):
                raise Conflict("this merchant, or one of its keys or services, exists already")
            self._take(record.merchant)
            self._write(replace(record, version=1))
            if line:
                self._audit.setdefault(record.merchant.id, []).insert(0, line)
            for new in secrets:
                self._secrets[record.merchant.id, new.environment] = new.secret

    def change(self, before: MerchantRecord, after: MerchantRecord, line: AuditLine) -> MerchantRecord | None:
        merchant_id = after.merchant.id
        with self._lock:
            there = self.record(merchant_id)
            if there.version != before.version:
                return there
            added = {key.fingerprint for key in after.keys} - {key.fingerprint for key in before.keys}
            if added & self._keys.keys():
                raise Conflict("a key of this merchant exists already")
            self._write(replace(after, version=before.version + 1))
            self._audit.setdefault(merchant_id, []).insert(0, line)
            return None

    def connector(self, connector_id: str) -> OwnConnector:
        with self._lock:
            for record in self._records.values():
                if connector_id in record.addressed():
                    return record.addressed()[connector_id]
        raise NotFound("there is no such connector")

    def all(self) -> Iterator[MerchantRecord]:
        with self._lock:
            return iter(list(self._records.values()))

    def listed(self) -> Iterator[Listed]:
        known = (record.merchant for record in self.all())
        return (Listed(merchant.id, merchant.name, merchant.email or "") for merchant in known)

    def records(self, merchant_ids: Sequence[MerchantId]) -> list[MerchantRecord]:
        with self._lock:
            return [self._records[each] for each in merchant_ids if each in self._records]

    def audit_trail(self, merchant_id: MerchantId, most: int) -> list[AuditLine]:
        with self._lock:
            return self._audit.get(merchant_id, [])[:most]

    def _take(self, merchant: Merchant) -> None:
        if not merchant.email:
            return
        both = merchant.name.casefold(), merchant.email.casefold()
        holder, until = self._names.get(both, (merchant.id, NOON))
        if holder != merchant.id and self._now() < until:
            raise name_taken(holder)
        self._names[both] = merchant.id, self._now() + timedelta(days=1)

    def _taken(self, record: MerchantRecord) -> bool:
        services = {service.id for known in self._records.values() for service in known.services}
        named = services.intersection(service.id for service in record.services)
        return bool(named) or any(key.fingerprint in self._keys for key in record.keys)

    def _write(self, record: MerchantRecord) -> None:
        merchant_id = record.merchant.id
        self._records[merchant_id] = record
        self._keys = {name: kept for name, kept in self._keys.items() if kept[0] != merchant_id}
        self._keys.update({key.fingerprint: (merchant_id, key) for key in record.keys})

    def endpoints(self, merchant_id: MerchantId, environment: Environment) -> list[Endpoint]:
        with self._lock:
            found = [e for (*owner, _), e in self._endpoints.items() if owner == [merchant_id, environment]]
        return sorted(found, key=lambda endpoint: endpoint.created_at)

    def endpoint(self, merchant_id: MerchantId, environment: Environment, endpoint_id: str) -> Endpoint:
        with self._lock:
            found = self._endpoints.get((merchant_id, environment, endpoint_id))
        if found is None:
            raise NotFound("there is no such webhook endpoint")
        return found

    def save_endpoint(self, endpoint: Endpoint, *, first: int = 1) -> Endpoint | None:
        key = (endpoint.merchant_id, endpoint.environment, endpoint.id)
        with self._lock:
            there = self._endpoints.get(key)
            if there is None and endpoint.version:
                raise NotFound("there is no such webhook endpoint")
            if there is not None and there.version != endpoint.version:
                return there
            self._endpoints[key] = replace(endpoint, version=endpoint.version + 1 if endpoint.version else first)
            return None

    def delete_endpoint(self, endpoint: Endpoint) -> None:
        with self._lock:
            self._endpoints.pop((endpoint.merchant_id, endpoint.environment, endpoint.id), None)

    def own_secret(self, merchant_id: MerchantId, environment: Environment) -> Secret:
        with self._lock:
            found = self._secrets.get((merchant_id, environment))
        if found is None:
            raise NotFound("there is no such merchant")
        return found
