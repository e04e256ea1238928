"""A merchant, its keys and its webhook endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from shared.domain.account import Account, new_accounts
from shared.domain.allowance import Allowance
from shared.domain.brand import PLAIN, Brand
from shared.domain.errors import Conflict, Forbidden
from shared.domain.ids import EndpointId, MerchantId
from shared.domain.mode import Environment
from shared.domain.person import Person
from shared.domain.record import dataclass

_COUNTED_BY: Final = 16  # characters of a key's fingerprint that its counters are named by


class KeyKind(StrEnum):
    PUBLISHABLE = "pk"
    SECRET = "sk"  # noqa: S105 - a kind of key, not a key


@dataclass(frozen=True, slots=True)
class Merchant:
    """Who a merchant is, in both environments alike. Suspended, it begins nothing; what is under way finishes."""

    id: MerchantId
    name: str
    created_at: datetime
    email: str | None = None  # whom we write to
    contact: str = ""  # whom its customers may ask: an e-mail address or a telephone number; empty: not named
    time_zone: str = "Europe/Rome"  # whose clocks its customers read
    suspended_at: datetime | None = None
    brand: Brand = PLAIN

    def check_active(self) -> None:
        """Raises Forbidden for a suspended merchant; asked before anything begins or is captured. It may refund."""
        if self.suspended_at is not None:
            raise Forbidden(
                "this merchant is suspended: nothing new begins and nothing is captured; payments under way finish",
                code="merchant_suspended",
            )


@dataclass(frozen=True, slots=True)
class Key:
    """An API key as it is kept: by its SHA-256. ``expires_at`` is set while a newer one is taking its place.

    ``tail`` is its last four characters; ``sealed`` a publishable key's value, which the vault alone opens. Both are
    empty in what was kept before keys were listed.
    """

    fingerprint: str
    environment: Environment
    kind: KeyKind
    expires_at: datetime | None = None
    tail: str = ""
    created_at: datetime | None = None
    sealed: str = field(default="", repr=False)

    def is_valid(self, now: datetime) -> bool:
        return self.expires_at is None or now < self.expires_at


@dataclass(frozen=True, slots=True)
class Secret:
    """A webhook secret; ``expires_at`` is set once a newer one replaced it (24 h of overlap)."""

    value: str = field(repr=False)
    created_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnConnector:
    """One connector of one merchant's environment."""

    merchant_id: MerchantId
    environment: Environment
    name: str


@dataclass(frozen=True, slots=True)
class Service:
    """An account by a number of its own, for a ``family`` whose callers sign with a secret that both sides can read.

    The newest secret stands first; the one before it is good until its ``expires_at``.
    """

    id: str
    family: str
    environment: Environment
    secrets: tuple[Secret, ...] = field(repr=False)

    def signing(self, now: datetime) -> list[bytes]:
        """The secrets that sign at this moment, the newest first."""
        valid = (secret for secret in self.secrets if secret.expires_at is None or now < secret.expires_at)
        return [secret.value.encode() for secret in valid]


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that was mailed: opened once, it makes the merchant's keys. Kept by its SHA-256."""

    fingerprint: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class MerchantRecord:
    """Everything that is kept about a merchant but its webhooks: written as one, and one version at a time.

    ``accounts`` by the environment's name.
    """

    merchant: Merchant
    accounts: Mapping[str, Account] = field(default_factory=new_accounts)
    keys: tuple[Key, ...] = ()
    services: tuple[Service, ...] = ()
    people: tuple[Person, ...] = ()
    invitation: Invitation | None = None
    version: int = 0

    def account(self, environment: Environment) -> Account:
        return self.accounts.get(environment.value, Account())

    def with_account(self, environment: Environment, account: Account) -> MerchantRecord:
        return replace(self, accounts={**self.accounts, environment.value: account})

    def addressed(self) -> dict[str, OwnConnector]:
        """The connectors that have an address of their own, by what it ends with."""
        return {
            connector.id: OwnConnector(self.merchant.id, Environment(environment), connector.name)
            for environment, account in self.accounts.items()
            for connector in account.known()
            if connector.id
        }

    def credential(self, key: Key) -> Credential:
        """What ``key`` stands for."""
        return Credential(self.merchant, key.environment, key.kind, self.account(key.environment), key.fingerprint)

    def personal_credential(self, person: Person, environment: Environment) -> Credential:
        """What somebody who is signed in stands for: a secret key's calls, as far as their role goes."""
        return Credential(self.merchant, environment, KeyKind.SECRET, self.account(environment), person=person)

    def service_credential(self, service: Service) -> ServiceCredential:
        """What the number and secret of ``service`` stand for: as much as a secret key does."""
        environment = service.environment
        caller = Credential(self.merchant, environment, KeyKind.SECRET, self.account(environment))
        return ServiceCredential(service, caller)


class Listed(NamedTuple):
    """What merchants are looked through for."""

    id: MerchantId
    name: str
    email: str


def name_taken(by: MerchantId) -> Conflict:
    """A second merchant of the same name and address within a day is the first one, made again by mistake."""
    said = f"{by} was made with this name and address within the last day: invite it again, or take another name"
    return Conflict(said, code="merchant_exists")


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who changed a merchant, when, by which command and which fields; never the values."""

    at: datetime
    who: str
    what: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Credential:
    """Who is calling: what a key found by its hash stands for. ``fingerprint`` is that hash."""

    merchant: Merchant
    environment: Environment
    kind: KeyKind
    account: Account
    fingerprint: str = field(default="", compare=False)
    person: Person | None = None  # who is signed in, where no key was shown

    @property
    def called(self) -> str:
        """Who calls, as it is written down beside what was done: a key by its fingerprint's first characters."""
        if self.person is not None:
            return self.person.called
        return f"key {self.fingerprint[:8]}" if self.fingerprint else "service"

    @property
    def payments(self) -> Allowance | None:
        """What bounds the payments this key creates; a secret key is bound by nothing."""
        return self._allowance("payments", self.account.limits.payments_a_minute)

    @property
    def declines(self) -> Allowance | None:
        """What bounds the declined cards of all its payments."""
        return self._allowance("declines", self.account.limits.declines_a_minute)

    def _allowance(self, what: str, most: int) -> Allowance | None:
        counted = self.kind is KeyKind.PUBLISHABLE and self.fingerprint
        return Allowance(f"{what}#{self.fingerprint[:_COUNTED_BY]}", most) if counted else None


@dataclass(frozen=True, slots=True)
class ServiceCredential:
    """Who a service is: found by its number, and proved by what its secret signed."""

    service: Service
    credential: Credential


class EndpointStatus(StrEnum):
    ENABLED = "ENABLED"
    PAUSED = "PAUSED"  # by the merchant; events are kept
    DISABLED = "DISABLED"  # by us: 410, or days of failure; events are kept


# The name of the format a new endpoint is written to in; which names there are, the families say.
DEFAULT_FORMAT: Final = "union"


class SignatureEncoding(StrEnum):
    BASE64 = "base64"
    HEX = "hex"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A merchant's webhook URL. ``secrets`` newest first; ``events`` empty means all.

    ``timeouts_by_lane`` is of the one record that stands for the notifyUrls of all payments, which have a lane per
    host: how often each has hung in a row, the one that began last at the end.
    """

    id: EndpointId
    merchant_id: MerchantId
    environment: Environment
    url: str
    secrets: tuple[Secret, ...]
    created_at: datetime
    status: EndpointStatus = EndpointStatus.ENABLED
    payload_format: str = DEFAULT_FORMAT
    signature_encoding: SignatureEncoding = SignatureEncoding.BASE64
    events: tuple[str, ...] = ()
    failing_since: datetime | None = None
    consecutive_timeouts: int = 0
    timeouts_by_lane: Mapping[str, int] = field(default_factory=dict)
    disabled_reason: str = ""
    service: str = ""  # the number of the service whose notices go here, signed with its secret and nobody else's
    version: int = 0

    def wants(self, event_type: str) -> bool:
        return not self.events or event_type in self.events
