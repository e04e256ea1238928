"""Merchants with their keys, secrets and webhook endpoints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.domain.ids import MerchantId
    from shared.domain.merchant import Credential, Endpoint, KeyKind, Merchant, Secret
    from shared.domain.payment import Environment


class Merchants(Protocol):
    def credential(self, key: str) -> Credential:
        """Who a key belongs to, found by its SHA-256. Raises Unauthenticated."""
        ...

    def get(self, merchant_id: MerchantId) -> Merchant: ...

    def create(self, merchant: Merchant, keys: Sequence[NewKey], secrets: Sequence[NewSecret]) -> None:
        """Write a merchant, its keys (hashed) and its own webhook secrets. Raises Conflict if the id exists."""
        ...

    def change(self, before: Merchant, after: Merchant) -> None:
        """Write new settings, for every key of the merchant with one write. For operators: it looks through all.

        Raises Conflict when the merchant is not ``before`` any more, or one of its keys was being replaced.
        """
        ...

    def replace_key(self, old: str, new: NewKey) -> None:
        """Revoke ``old`` at once and put ``new`` in its place. Raises NotFound."""
        ...

    def endpoints(self, merchant_id: MerchantId, environment: Environment) -> list[Endpoint]: ...

    def endpoint(self, merchant_id: MerchantId, environment: Environment, endpoint_id: str) -> Endpoint: ...

    def save_endpoint(self, endpoint: Endpoint) -> Endpoint | None:
        """Write if the version is unchanged (0 = new). None when written, else the endpoint as it is."""
        ...

    def delete_endpoint(self, endpoint: Endpoint) -> None: ...

    def own_secret(self, merchant_id: MerchantId, environment: Environment) -> Secret:
        """The secret that signs ``notifyUrl`` deliveries while the merchant has no endpoint."""
        ...


@dataclass(frozen=True, slots=True)
class NewKey:
    value: str
    environment: Environment
    kind: KeyKind


@dataclass(frozen=True, slots=True)
class NewSecret:
    environment: Environment
    secret: Secret
