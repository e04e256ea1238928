"""A merchant, its keys and its webhook endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.domain.allowance import Allowance
from shared.domain.ids import EndpointId, MerchantId
from shared.domain.payment import Environment, Mode

_COUNTED_BY: Final = 16  # characters of a key's fingerprint that its counters are named by


class KeyKind(StrEnum):
    PUBLISHABLE = "pk"
    SECRET = "sk"  # noqa: S105 - a kind of key, not a key


@dataclass(frozen=True, slots=True)
class Limits:
    """What each publishable key may cause in a minute: anybody can take it from the shop's page."""

    payments_a_minute: int = 6000
    declines_a_minute: int = 300  # of cards, over all payments that the key created


@dataclass(frozen=True, slots=True)
class Merchant:
    """``gateways`` and ``providers`` name the connector per environment; absent live means not configured."""

    id: MerchantId
    name: str
    created_at: datetime
    default_mode: Mode = Mode.PREAUTH_VOUCHER_CAPTURE
    allowed_modes: tuple[Mode, ...] = tuple(Mode)
    gateways: Mapping[str, str] = field(default_factory=lambda: {"test": "sandbox"})
    providers: Mapping[str, str] = field(default_factory=lambda: {"test": "sandbox"})
    origins: tuple[str, ...] = ()  # who may frame the checkout; empty: anyone over https
    notify_hosts: tuple[str, ...] = ()  # where a publishable key may have notices sent; empty: anywhere
    callback_hosts: tuple[str, ...] = ()  # where it may send the customer's browser; empty: anywhere
    limits: Limits = Limits()
    email: str | None = None  # whom we write to
    contact: str = ""  # whom its customers may ask: an e-mail address or a telephone number; empty: not named
    time_zone: str = "Europe/Rome"  # whose clocks its customers read


@dataclass(frozen=True, slots=True)
class Credential:
    """Who is calling: what a key found by its hash stands for. ``fingerprint`` is that hash."""

    merchant: Merchant
    environment: Environment
    kind: KeyKind
    fingerprint: str = field(default="", compare=False)

    @property
    def payments(self) -> Allowance | None:
        """What bounds the payments this key creates; a secret key is bound by nothing."""
        return self._allowance("payments", self.merchant.limits.payments_a_minute)

    @property
    def declines(self) -> Allowance | None:
        """What bounds the declined cards of all its payments."""
        return self._allowance("declines", self.merchant.limits.declines_a_minute)

    def _allowance(self, what: str, most: int) -> Allowance | None:
        counted = self.kind is KeyKind.PUBLISHABLE and self.fingerprint
        return Allowance(f"{what}#{self.fingerprint[:_COUNTED_BY]}", most) if counted else None


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
class Secret:
    """A webhook secret; ``expires_at`` is set once a newer one replaced it (24 h of overlap)."""

    value: str = field(repr=False)
    created_at: datetime
    expires_at: datetime | None = None


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
    version: int = 0

    def wants(self, event_type: str) -> bool:
        return not self.events or event_type in self.events
