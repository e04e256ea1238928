"""Onboard a merchant: four keys, and a webhook secret per environment. Values are returned once, stored hashed."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import field
from uuid import UUID

from shared.domain import ids
from shared.domain.errors import InvalidRequest
from shared.domain.ids import MerchantId
from shared.domain.merchant import AuditLine, Key, KeyKind, Merchant, MerchantRecord, Secret, Service
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.ports.merchants import Merchants, NewKey, NewSecret
from shared.ports.world import Clock, Entropy

MOST_NAME = 100
_JOINERS = "\u200c\u200d"  # invisible, and part of how words are written
Keep = Callable[[MerchantId, NewKey], Key]


@dataclass(frozen=True, slots=True)
class NewMerchant:
    """What onboarding hands over; it cannot be shown again."""

    merchant: Merchant
    keys: tuple[NewKey, ...] = field(repr=False)
    secrets: tuple[NewSecret, ...] = field(repr=False)
    services: tuple[Service, ...] = ()


def create_merchant(
    name: str,
    *,
    merchants: Merchants,
    now: Clock,
    entropy: Entropy,
    merchant_id: str | None = None,
    keys: tuple[NewKey, ...] = (),
    services: tuple[Service, ...] = (),
    keep: Keep | None = None,
    email: str | None = None,
    keyless: bool = False,
    by: str = "",
) -> NewMerchant:
    """Write a merchant and return its keys and secrets. ``keys`` replaces the made ones (the demo merchant's).

    ``keep`` says how a key is kept where not by its hash alone. A ``keyless`` one gets its keys by an invitation.
    ``by`` is who stands in its audit trail as its maker.

    Raises InvalidRequest for what is no name, Conflict when ``merchant_id`` or a service exists.
    """
    merchant = Merchant(
        id=MerchantId(merchant_id or f"m_{ids.base32(entropy(10)).lower()}"),
        name=checked_name(name.strip()),
        created_at=now(),
        email=email,
    )
    made = () if keyless else keys or four_keys(entropy)
    secrets = tuple(NewSecret(environment, new_secret(environment, now, entropy)) for environment in Environment)
    merchants.create(
        MerchantRecord(merchant, keys=tuple((keep or _hashed)(merchant.id, key) for key in made), services=services),
        secrets,
        AuditLine(now(), by, "merchant", ("merchant",)) if by else None,
    )
    return NewMerchant(merchant, made, secrets, services)


def _hashed(merchant_id: MerchantId, new: NewKey) -> Key:
    return kept(new)


def kept(new: NewKey) -> Key:
    """A new key as it is kept."""
    return Key(ids.fingerprint(new.value), new.environment, new.kind)


def four_keys(entropy: Entropy) -> tuple[NewKey, ...]:
    """One of each kind in each environment."""
    return tuple(new_key(environment, kind, entropy) for environment in Environment for kind in KeyKind)


def new_key(environment: Environment, kind: KeyKind, entropy: Entropy) -> NewKey:
    return NewKey(f"{kind}_{environment}_{ids.base32(entropy(20))}", environment, kind)


def new_service(family: str, environment: Environment, now: Clock, entropy: Entropy) -> Service:
    """Nine digits without a leading zero, which are public, and a random UUID that signs."""
    number = 100_000_000 + int.from_bytes(entropy(8), "big") % 900_000_000
    secret = Secret(str(UUID(bytes=entropy(16), version=4)), created_at=now())
    return Service(str(number), family, environment, (secret,))


def new_secret(environment: Environment, now: Clock, entropy: Entropy) -> Secret:
    """``whsec_test_``/``whsec_live_`` and standard base64 of 24 bytes, which is the Standard Webhooks key."""
    return Secret(f"whsec_{environment}_{b64encode(entropy(24)).decode()}", created_at=now())


def checked_name(name: str) -> str:
    """``name``, if it is one line of text that reads as it is written: it is in pages, subjects and text messages.

    Raises InvalidRequest about it.
    """
    if not 1 <= len(name) <= MOST_NAME:
        raise InvalidRequest(f"name: 1 to {MOST_NAME} characters", param="name")
    if not all(sign.isprintable() or sign in _JOINERS for sign in name):
        raise InvalidRequest("name: one line, without control characters", param="name")
    return name
