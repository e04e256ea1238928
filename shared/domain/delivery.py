"""One event for one endpoint: what was tried, what comes next, and when nobody tries any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final

from shared.domain.card_number import masked
from shared.domain.ids import DeliveryId, EventId, MerchantId, fingerprint
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.domain.target_url import host_of

NOTIFY: Final = "notify"  # stands for an endpoint id where the address is the payment's own notifyUrl
KEPT_ATTEMPTS: Final = 50
LONGEST_RETRY_AFTER: Final = timedelta(hours=1)
# Longer than an attempt may last, with the reads and writes around it.
CLAIM: Final = timedelta(seconds=30)
# A retry that waits in the queue is looked for this long after it should have come.
BACKSTOP: Final = timedelta(minutes=15)
FIRST_LOOK_AT_HELD: Final = timedelta(minutes=2)
SICK_AFTER_TIMEOUTS: Final = 2
MOST_AT_ONCE_WHEN_SICK: Final = 2
MOST_HUNG_HOSTS: Final = 50  # remembered per merchant: whoever may create payments may name any number of hosts
DISABLED_AFTER: Final = timedelta(days=5)


class DeliveryStatus(StrEnum):
    PENDING = "PENDING"  # nothing tried yet
    RETRYING = "RETRYING"
    DELIVERED = "DELIVERED"
    EXHAUSTED = "EXHAUSTED"


OPEN: Final = frozenset({DeliveryStatus.PENDING, DeliveryStatus.RETRYING})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one POST came to. ``error`` is empty for a 2xx, else its class: "timeout", "tls_failure", "http_error"."""

    duration_ms: int
    status_code: int | None = None
    error: str = ""
    response_excerpt: str = ""
    retry_after_seconds: int | None = None

    @property
    def delivered(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300

    @property
    def gone(self) -> bool:
        return self.status_code == 410

    @property
    def hung(self) -> bool:
        """The other side took our time: what the limit on simultaneous attempts is for."""
        return self.error in ("connect_timeout", "timeout")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One HTTP try, as the merchant sees it. ``next_attempt_at`` is what was planned after it."""

    at: datetime
    duration_ms: int
    status_code: int | None = None
    error: str = ""
    response_excerpt: str = ""
    next_attempt_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Seconds to wait after each failed attempt. ``endless`` repeats the last wait until a 2xx."""

    waits: tuple[int, ...]
    endless: bool = False

    def wait(self, attempts: int) -> int | None:
        """How long to wait after attempt number ``attempts`` failed; None when that was the last one."""
        if attempts <= len(self.waits):
            return self.waits[attempts - 1]
        return self.waits[-1] if self.endless and self.waits else None


@dataclass(frozen=True, slots=True)
class Delivery:
    """``tried`` counts the attempts since it was last (re)started and decides what comes next.

    ``round`` is the number of the queue message that may carry it: an older message is a leftover. A
    delivery is ``held`` while its endpoint is paused or disabled. ``due_at`` is when housekeeping sends
    it to the queue (again).
    """

    merchant_id: MerchantId
    environment: Environment
    endpoint_id: str
    event_id: EventId
    event_type: str
    url: str
    created_at: datetime
    status: DeliveryStatus = DeliveryStatus.PENDING
    attempts: tuple[Attempt, ...] = ()
    tried: int = 0
    round: int = 0
    held: bool = False
    next_attempt_at: datetime | None = None
    claimed_until: datetime | None = None
    due_at: datetime | None = None
    version: int = 0

    @property
    def id(self) -> DeliveryId:
        return delivery_id(self.endpoint_id, self.event_id)

    @property
    def lane(self) -> str:
        """Where it waits its turn: what hangs in one lane takes no room in another."""
        return lane(self.endpoint_id, self.url)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def claimed(self, now: datetime) -> Delivery:
        """Ours for one attempt; if we die, the queue's message or housekeeping finds it after the claim."""
        until = now + CLAIM
        return replace(self, claimed_until=until, due_at=until + BACKSTOP, held=False)

    def is_claimed(self, now: datetime) -> bool:
        return self.claimed_until is not None and self.claimed_until > now

    def is_early(self, now: datetime) -> bool:
        return self.next_attempt_at is not None and self.next_attempt_at > now

    def attempted(self, outcome: Outcome, began: datetime, now: datetime, schedule: Schedule) -> Delivery:
        """With the outcome recorded and the next attempt planned, or none left. A delivery stays delivered.

        After a 410 the delivery is held: its endpoint is disabled, and may be enabled again.
        """
        tried = self.tried + 1
        following = _next_attempt(outcome, tried, now, schedule)
        attempt = Attempt(
            at=began,
            duration_ms=outcome.duration_ms,
            status_code=outcome.status_code,
            error=outcome.error,
            response_excerpt=masked(outcome.response_excerpt),
            next_attempt_at=following,
        )
        delivered = self.status is DeliveryStatus.DELIVERED or outcome.delivered
        return replace(
            self,
            status=DeliveryStatus.DELIVERED if delivered else _failed(outcome, following),
            attempts=(*self.attempts, attempt)[-KEPT_ATTEMPTS:],
            tried=tried,
            held=outcome.gone and not delivered,
            next_attempt_at=None if delivered else following,
            claimed_until=None,
            due_at=None if delivered or following is None else following + BACKSTOP,
        )

    def parked(self, until: datetime) -> Delivery:
        """Waiting in the table instead of in the queue."""
        return replace(self, claimed_until=None, due_at=until)

    def kept(self, now: datetime) -> Delivery:
        """Held while its endpoint takes nothing. One early look catches a resume that came at the same moment."""
        return replace(self, held=True, claimed_until=None, due_at=now + FIRST_LOOK_AT_HELD)

    def queued(self, now: datetime) -> Delivery:
        """About to be sent to the queue, under a new number."""
        return replace(self, round=self.round + 1, held=False, due_at=now + BACKSTOP)

    def replayed(self, now: datetime) -> Delivery:
        """Queued to start over, whatever it came to; what was tried stays on record."""
        status = DeliveryStatus.RETRYING if self.attempts else DeliveryStatus.PENDING
        return replace(self.queued(now), status=status, tried=0, next_attempt_at=now)

    def abandoned(self) -> Delivery:
        """Nobody is there to deliver to any more: the endpoint was deleted, or its event is gone."""
        ended = DeliveryStatus.EXHAUSTED
        return replace(self, status=ended, held=False, claimed_until=None, next_attempt_at=None, due_at=None)


def delivery_id(endpoint_id: str, event_id: str) -> DeliveryId:
    """``dlv_<endpoint>_<event>``: an event has one delivery per endpoint, found without an index."""
    return DeliveryId(f"dlv_{endpoint_id.removeprefix('we_')}_{event_id.removeprefix('evt_')}")


def lane(endpoint_id: str, url: str) -> str:
    """An endpoint is a lane of its own; the notifyUrls of a merchant have one per host. At most 128 characters."""
    return endpoint_id if endpoint_id != NOTIFY else f"{NOTIFY}.{fingerprint(host_of(url))[:16]}"


def parts_of(delivery: str) -> tuple[str, EventId] | None:
    """The endpoint id and event id in a delivery id, or None when it is not one by form."""
    prefix, _, rest = delivery.partition("_")
    endpoint, _, event = rest.rpartition("_")
    if prefix != "dlv" or not endpoint or not event or "#" in delivery:
        return None
    return (endpoint if endpoint == NOTIFY else f"we_{endpoint}"), EventId(f"evt_{event}")


def retry_after(headers: Mapping[str, str], now: datetime) -> int | None:
    """Seconds of a ``Retry-After`` header (lower-case names), given as seconds or as an HTTP date."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit() and len(value) <= 9:
        return int(value)
    try:
        moment = parsedate_to_datetime(value)
        return max(int((moment - now).total_seconds()), 0)
    except (ValueError, TypeError, OverflowError):  # absent, no date, or one without a zone
        return None


def _next_attempt(outcome: Outcome, tried: int, now: datetime, schedule: Schedule) -> datetime | None:
    wait = schedule.wait(tried)
    if outcome.delivered or outcome.gone or wait is None:
        return None
    asked = timedelta(seconds=max(outcome.retry_after_seconds or 0, 0))
    # A receiver may slow us down, not speed us up, and not put us off for ever.
    return now + max(timedelta(seconds=wait), min(asked, LONGEST_RETRY_AFTER))


def _failed(outcome: Outcome, following: datetime | None) -> DeliveryStatus:
    ended = following is None and not outcome.gone
    return DeliveryStatus.EXHAUSTED if ended else DeliveryStatus.RETRYING
