"""A person who works at a merchant: what they may do, where, and how long they are signed in."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.domain import ids
from shared.domain.ids import MerchantId
from shared.domain.mode import Environment
from shared.domain.record import dataclass

MOST_PEOPLE: Final = 50  # they are kept in their merchant's record
MOST_ADDRESS: Final = 254
INVITED_FOR: Final = timedelta(hours=24)
ASKED_FOR: Final = timedelta(minutes=15)
IDLE: Final = timedelta(hours=1)
LONGEST: Final = timedelta(hours=12)
_ADDRESS: Final = re.compile(r"[^\s@,;:<>()\[\]\"\\\x00-\x1f\x7f]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


class Role(StrEnum):
    """What a person may do. Each may do what those before it may."""

    READ = "read"
    REFUNDS = "refunds"  # moves money that was paid: captures, releases, refunds; sends links and receipts
    OWNER = "owner"  # keys, webhooks, services and people

    def allows(self, least: Role) -> bool:
        return _RANK[self] >= _RANK[least]


_RANK: Final = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Person:
    """``sessions_since``: a session that began before it, or at it, is over, wherever it is."""

    id: str
    email: str
    role: Role
    environments: tuple[Environment, ...]
    language: str
    invited_at: datetime
    invited_by: str
    sessions_since: datetime | None = None

    @property
    def called(self) -> str:
        """How it is written down that this person did something."""
        return f"person {self.email}"

    @property
    def mails(self) -> Environment:
        """Where their mails leave: who works in test alone is written to as test's customers are."""
        return Environment.LIVE if Environment.LIVE in self.environments else Environment.TEST


@dataclass(frozen=True, slots=True)
class SignInLink:
    """What a one-time link stands for. It is found by the hash of what it holds."""

    merchant_id: MerchantId
    person_id: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in, found by its token's hash. ``environment`` is where it goes on after a reload.

    It is over an hour after it was last renewed, and in any case twelve hours after it began.
    """

    merchant_id: MerchantId
    person_id: str
    environment: Environment
    began_at: datetime
    ends_at: datetime

    def renewed_until(self, now: datetime) -> datetime:
        return min(now + IDLE, self.began_at + LONGEST)

    def is_of(self, person: Person, now: datetime) -> bool:
        """Whether it is still this person's: not ended, and begun after they last signed out everywhere."""
        begun = person.sessions_since is None or person.sessions_since < self.began_at
        return self.person_id == person.id and now < self.ends_at and begun


def address_of(email: str) -> str:
    """An address as it is kept and compared; empty for what is none."""
    address = email.strip().lower()
    return address if len(address) <= MOST_ADDRESS and _ADDRESS.fullmatch(address) else ""


def person_id(entropy: bytes) -> str:
    return ids.plain_id("person", entropy)


def link_token(entropy: bytes) -> str:
    return f"link_{ids.base32(entropy[:25]).lower()}"


def session_token(entropy: bytes) -> str:
    return f"ses_{ids.base32(entropy[:25]).lower()}"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail with a link that somebody asked for, to an address that may be nobody's; or that one merchant did."""

    id: str
    email: str
    origin: str
    invited_by: MerchantId | None = None
