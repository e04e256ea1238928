"""Merchants, their keys and endpoints in memory."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

from shared.domain.errors import Conflict, NotFound, Unauthenticated
from shared.domain.ids import MerchantId, fingerprint
from shared.domain.merchant import Credential, Endpoint, Merchant, Secret
from shared.domain.payment import Environment
from shared.ports.merchants import NewKey, NewSecret


class FakeMerchants:
    """The port ``Merchants``. Like the table, it keeps fingerprints of keys, not the keys."""

    def __init__(self) -> None:
        self._merchants: dict[MerchantId, Merchant] = {}
        self._credentials: dict[str, Credential] = {}
        self._secrets: dict[tuple[MerchantId, Environment], Secret] = {}
        self._endpoints: dict[tuple[MerchantId, Environment, str], Endpoint] = {}
        self._lock = threading.RLock()

    def credential(self, key: str) -> Credential:
        with self._lock:
            found = self._credentials.get(fingerprint(key))
        if found is None:
            raise Unauthenticated("the API key is not known")
        return found

    def get(self, merchant_id: MerchantId) -> Merchant:
        with self._lock:
            found = self._merchants.get(merchant_id)
        if found is None:
            raise NotFound("there is no such merchant")
        return found

    def create(self, merchant: Merchant, keys: Sequence[NewKey], secrets: Sequence[NewSecret]) -> None:
        with self._lock:
            taken = any(fingerprint(key.value) in self._credentials for key in keys)
            if taken or merchant.id in self._merchants:
                raise Conflict("this merchant, or one of its keys, exists already")
            self._merchants[merchant.id] = merchant
            for key in keys:
                self._credentials[fingerprint(key.value)] = Credential(
                    merchant, key.environment, key.kind, fingerprint(key.value)
                )
            for new in secrets:
                self._secrets[merchant.id, new.environment] = new.secret

    def change(self, before: Merchant, after: Merchant) -> None:
        with self._lock:
            if self._merchants.get(before.id) != before:
                raise Conflict("this merchant or one of its keys was changed at the same moment; try again")
            self._merchants[before.id] = after
            for key, credential in self._credentials.items():
                if credential.merchant.id == before.id:
                    self._credentials[key] = replace(credential, merchant=after)

    def replace_key(self, old: str, new: NewKey) -> None:
        with self._lock:
            revoked = self._credentials.pop(fingerprint(old), None)
            if revoked is None:
                raise NotFound("this key was replaced already")
            self._credentials[fingerprint(new.value)] = Credential(
                revoked.merchant, new.environment, new.kind, fingerprint(new.value)
            )

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

    def save_endpoint(self, endpoint: Endpoint) -> Endpoint | None:
        key = (endpoint.merchant_id, endpoint.environment, endpoint.id)
        with self._lock:
            there = self._endpoints.get(key)
            if there is None and endpoint.version:
                raise NotFound("there is no such webhook endpoint")
            if there is not None and there.version != endpoint.version:
                return there
            self._endpoints[key] = replace(endpoint, version=endpoint.version + 1)
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
