"""Merchants with their keys, secrets and webhook endpoints."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Protocol

from shared.domain.record import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from shared.domain.ids import MerchantId
    from shared.domain.merchant import (
        AuditLine,
        Credential,
        Endpoint,
        Key,
        KeyKind,
        Listed,
        Merchant,
        MerchantRecord,
        OwnConnector,
        Secret,
        ServiceCredential,
    )
    from shared.domain.payment import Environment


class Merchants(Protocol):
    def credential(self, key: str) -> Credential:
        """Who a key belongs to, found by its SHA-256. Raises Unauthenticated, also at the end of an overlap."""
        ...

    def last_used(self, keys: Sequence[Key]) -> Mapping[str, datetime]:
        """When each key was last used, by its fingerprint: up to an hour early. Never used, or not noted: not there.

        ``credential`` notes it, at most once an hour and key; whatever changes a merchant leaves it as it is.
        """
        ...

    def service(self, service_id: str) -> ServiceCredential:
        """Whose a service's number is, and what proves it. Raises NotFound."""
        ...

    def get(self, merchant_id: MerchantId) -> Merchant:
        """Raises NotFound."""
        ...

    def record(self, merchant_id: MerchantId) -> MerchantRecord:
        """The merchant with its accounts and keys. Raises NotFound."""
        ...

    def create(
        self, record: MerchantRecord, secrets: Sequence[NewSecret] = (), line: AuditLine | None = None
    ) -> None:
        """Write a merchant with its keys, its own webhook secrets and the first line of its audit trail.

        Raises Conflict if an id or a key exists, and ``merchant_exists`` when another merchant was made with the same
        name and e-mail address within a day.
        """
        ...

    def change(self, before: MerchantRecord, after: MerchantRecord, line: AuditLine) -> MerchantRecord | None:
        """Write ``after``, what all its keys and services stand for and a line of its audit trail: all or nothing.

        None when written, with the next version; else the record as somebody else left it. Keys that ``after``
        no longer has stop working with this write. Raises NotFound, and Conflict when a new key exists already.
        """
        ...

    def connector(self, connector_id: str) -> OwnConnector:
        """Whose connector an address ends with. In force with the write that set it up. Raises NotFound."""
        ...

    def all(self) -> Iterator[MerchantRecord]:
        """Every merchant, in no order: for operators' commands, it looks through everything."""
        ...

    def listed(self) -> Iterator[Listed]:
        """Every merchant by what it is looked for, in no order, and a moment late: it reads nothing else of them."""
        ...

    def records(self, merchant_ids: Sequence[MerchantId]) -> list[MerchantRecord]:
        """These merchants as they are now, in this order; one that is not there is left out."""
        ...

    def audit_trail(self, merchant_id: MerchantId, most: int) -> list[AuditLine]:
        """The last ``most`` changes, newest first."""
        ...

    def endpoints(self, merchant_id: MerchantId, environment: Environment) -> list[Endpoint]: ...

    def endpoint(self, merchant_id: MerchantId, environment: Environment, endpoint_id: str) -> Endpoint: ...

    def save_endpoint(self, endpoint: Endpoint, *, first: int = 1) -> Endpoint | None:
        """Write if the version is unchanged (0 = new). None when written, else the endpoint as it is.

        A new one is of version ``first``. One that is made again under the id of another that was deleted has to
        begin above it: workers remember endpoints by id, and take what they know for as new as its version says.
        """
        ...

    def delete_endpoint(self, endpoint: Endpoint) -> None: ...

    def own_secret(self, merchant_id: MerchantId, environment: Environment) -> Secret:
        """The secret that signs ``notifyUrl`` deliveries while the merchant has no endpoint."""
        ...


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key whose value is still known: at the moment it is made."""

    value: str = field(repr=False)
    environment: Environment
    kind: KeyKind


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret that is shown once, and the environment that it signs in."""

    environment: Environment
    secret: Secret
