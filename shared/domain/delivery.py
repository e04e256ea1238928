"""A delivery: one event for one address, with every attempt; and when the next one is due."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.domain.ids import DeliveryId, EventId, MerchantId
from shared.domain.payment import Environment

MAX_ATTEMPTS: Final = 10
CLAIM_SECONDS: Final = 30  # longer than one attempt may last; then a claim belongs to nobody
LONGEST_RETRY_AFTER: Final = timedelta(hours=12)
NOTIFY: Final = "notify"  # the target of a payment's own notifyUrl
GONE: Final = 410


class DeliveryStatus(StrEnum):
    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    RETRYING = "RETRYING"
    EXHAUSTED = "EXHAUSTED"


@dataclass(frozen=True, slots=True)
class Sent:
    """What one POST came to: a status code, or the class of error in our words."""

    status_code: int | None
    duration_ms: int
    error: str = ""
    excerpt: str = ""
    retry_after: int | None = None  # seconds, as the receiver asked

    @property
    def delivered(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300


@dataclass(frozen=True, slots=True)
class Attempt:
    """One HTTP try, kept for the merchant to see."""

    number: int
    at: datetime
    status_code: int | None
    duration_ms: int
    error: str = ""
    response_excerpt: str = ""
    next_attempt_at: datetime | None = None
    manual: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """``target`` is an endpoint's id, or "notify" for the payment's own ``url``."""

    id: DeliveryId
    event_id: EventId
    event_type: str
    merchant_id: MerchantId
    environment: Environment
    target: str
    url: str
    created_at: datetime
    status: DeliveryStatus = DeliveryStatus.PENDING
    attempts: tuple[Attempt, ...] = ()
    scheduled: int = 0  # attempts of the present schedule; a replay begins a new one
    next_attempt_at: datetime | None = None
    claimed_at: datetime | None = None
    version: int = 0

    @property
    def is_open(self) -> bool:
        return self.status in (DeliveryStatus.PENDING, DeliveryStatus.RETRYING)

    def claimable(self, now: datetime) -> bool:
        """Whether an attempt may begin: open, due, and nobody else is at it."""
        free = self.claimed_at is None or now - self.claimed_at > timedelta(seconds=CLAIM_SECONDS)
        due = self.next_attempt_at is None or now >= self.next_attempt_at - timedelta(seconds=1)
        return self.is_open and free and due

    def claimed(self, now: datetime) -> Delivery:
        return replace(self, claimed_at=now)

    def after(self, sent: Sent, now: datetime, interval: timedelta) -> Delivery:
        """With the attempt recorded, and the time of the next one or the end."""
        number = self.scheduled + 1
        if sent.delivered:
            status, next_at = DeliveryStatus.DELIVERED, None
        elif number >= MAX_ATTEMPTS:
            status, next_at = DeliveryStatus.EXHAUSTED, None
        else:
            status, next_at = DeliveryStatus.RETRYING, now + _wait(sent, interval)
        attempt = Attempt(
            number, now, sent.status_code, sent.duration_ms, sent.error, sent.excerpt, next_attempt_at=next_at
        )
        return replace(
            self,
            status=status,
            attempts=(*self.attempts, attempt),
            scheduled=number,
            next_attempt_at=next_at,
            claimed_at=None,
        )

    def replayed(self) -> Delivery:
        """The same event again, as a new schedule; what was tried stays on record."""
        return replace(self, status=DeliveryStatus.PENDING, scheduled=0, next_attempt_at=None, claimed_at=None)


def delivery_id(event_id: str, target: str) -> DeliveryId:
    """Deterministic, so that a repeated fan-out finds the same delivery."""
    return DeliveryId(f"dlv_{hashlib.sha256(f'{event_id}|{target}'.encode()).hexdigest()[:24]}")


def _wait(sent: Sent, interval: timedelta) -> timedelta:
    """The interval, or longer when the receiver asks for it, within reason."""
    if sent.retry_after is None:
        return interval
    return max(interval, min(timedelta(seconds=sent.retry_after), LONGEST_RETRY_AFTER))
