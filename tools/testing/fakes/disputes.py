"""Disputes and uploaded files in memory."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from shared.domain.answering import ANYTHING, Takes
from shared.domain.dispute import AWAITING, Dispute, Notice, Response
from shared.domain.errors import InvalidRequest, NotFound, OutcomeUnknown, Unavailable
from shared.domain.ids import DisputeId, MerchantId
from shared.domain.operation import Answer, State
from shared.domain.payment import Environment
from shared.domain.statuses import DisputeStatus, Source
from shared.ports.disputes import DisputeChange, DisputeDesk, Exhibit, Period, Tally
from shared.ports.payments import Change
from tools.testing.fakes.payments import FakePayments

Place = tuple[MerchantId, Environment]


class FakeDisputes:
    """The port ``Disputes`` beside the payments it writes to. Counters are kept apart, as in the table."""

    def __init__(self, payments: FakePayments) -> None:
        self._payments = payments
        self._disputes: dict[DisputeId, Dispute] = {}
        self._counts: Counter[tuple[Place, date, DisputeStatus, str]] = Counter()
        self._minor: Counter[tuple[Place, date, DisputeStatus, str]] = Counter()
        self._unmatched: dict[tuple[str, str, datetime, str], tuple[datetime, Notice]] = {}
        self._meanwhile: list[Callable[[], object]] = []
        self._lock = threading.RLock()

    def meanwhile(self, action: Callable[[], object]) -> None:
        """Let somebody else do ``action`` just before our next write."""
        self._meanwhile.append(action)

    def all(self) -> list[Dispute]:
        with self._lock:
            return list(self._disputes.values())

    def get(self, dispute_id: DisputeId) -> Dispute:
        with self._lock:
            found = self._disputes.get(dispute_id)
        if found is None:
            raise NotFound("there is no such dispute")
        return found

    def save(self, change: DisputeChange) -> bool:
        waiting, self._meanwhile = self._meanwhile, []
        for action in waiting:
            action()
        with self._lock:
            there = self._disputes.get(change.dispute.id)
            version = there.version if there else 0
            if version != change.dispute.version or (there is None) != (change.before is None):
                return False
            if change.payment is not None:
                if self._payments.save(Change(change.payment, change.events)) is not None:
                    return False
            else:
                self._payments.events.write(change.events)
            stored = replace(change.dispute, version=change.dispute.version + 1)
            self._disputes[stored.id] = stored
            if change.before is not None:
                self._count(change.before, -1)
            self._count(stored, 1)
            return True

    def of_merchant(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        *,
        status: DisputeStatus | None,
        period: Period,
        limit: int,
        cursor: str | None,
    ) -> tuple[list[Dispute], str | None]:
        low = period.first.isoformat() if period.first else "0"
        high = (period.last + timedelta(days=1)).isoformat() if period.last else "9"
        if cursor and not (cursor.partition("#")[2] and low <= cursor <= high):
            raise InvalidRequest("cursor is not one this list returned")
        mine = [
            d
            for d in self.all()
            if (d.merchant_id, d.environment) == (merchant_id, environment)
            and status in (None, d.status)
            and low <= _place(d) <= (cursor or high)
            and _place(d) != cursor
        ]
        listed = sorted(mine, key=_place, reverse=True)
        return listed[:limit], _place(listed[limit - 1]) if len(listed) > limit else None

    def tallies(self, merchant_id: MerchantId, environment: Environment) -> list[Tally]:
        with self._lock:
            return self._sums((merchant_id, environment), None)

    def days(
        self, merchant_id: MerchantId, environment: Environment, period: Period
    ) -> list[tuple[date, list[Tally]]]:
        first, last, place = period.first or date.min, period.last or date.max, (merchant_id, environment)
        with self._lock:
            days = {day for owner, day, _, _ in self._counts if owner == place and first <= day <= last}
            return [(day, self._sums(place, day)) for day in sorted(days, reverse=True)]

    def overdue(
        self, merchant_id: MerchantId, environment: Environment, now: datetime, limit: int
    ) -> list[DisputeId]:
        own = [d for d in self.all() if (d.merchant_id, d.environment) == (merchant_id, environment)]
        mine = {d.id for d in own if d.status in AWAITING}
        return [dispute_id for dispute_id in self.due(now, len(self._disputes)) if dispute_id in mine][:limit]

    def due(self, now: datetime, limit: int) -> list[DisputeId]:
        waiting = sorted((d.due_at, d.id) for d in self.all() if d.due_at is not None)
        return [dispute_id for due_at, dispute_id in waiting if due_at <= now][:limit]

    def keep_unmatched(self, notice: Notice, next_try: datetime) -> None:
        with self._lock:
            self._unmatched[_message(notice)] = next_try, notice

    def unmatched(self, now: datetime, limit: int) -> list[Notice]:
        with self._lock:
            due = [(next_try, key, notice) for key, (next_try, notice) in self._unmatched.items() if next_try <= now]
        return [notice for _, _, notice in sorted(due, key=lambda entry: entry[:2])][:limit]

    def forget_unmatched(self, notice: Notice) -> None:
        with self._lock:
            self._unmatched.pop(_message(notice), None)

    def _count(self, dispute: Dispute, sign: int) -> None:
        owner = (dispute.merchant_id, dispute.environment)
        key = (owner, dispute.created_at.date(), dispute.status, dispute.amount.currency)
        self._counts[key] += sign
        self._minor[key] += sign * dispute.amount.minor

    def _sums(self, place: Place, day: date | None) -> list[Tally]:
        counts: Counter[tuple[DisputeStatus, str]] = Counter()
        minor: Counter[tuple[DisputeStatus, str]] = Counter()
        for (owner, when, status, currency), count in self._counts.items():
            if owner == place and day in (None, when):
                counts[status, currency] += count
                minor[status, currency] += self._minor[owner, when, status, currency]
        return [Tally(status, currency, n, minor[status, currency]) for (status, currency), n in counts.items() if n]


class FakeDesk:
    """The port ``DisputeDesk``. ``heard`` is what it took, by key, and how often each was said; ``does`` what it does
    next: "lost" and "down" give no answer, "refuse" says no."""

    def __init__(self, takes: Takes = ANYTHING) -> None:
        self.takes = takes
        self.heard: Counter[str] = Counter()
        self.said: list[tuple[Response, tuple[Exhibit, ...]]] = []
        self.asked = 0
        self.does: list[str] = []

    def answer(self, dispute: Dispute, response: Response, exhibits: Sequence[Exhibit]) -> Answer:
        return self._done(response, tuple(exhibits))

    def accept(self, dispute: Dispute, response: Response) -> Answer:
        return self._done(response, ())

    def lookup(self, dispute: Dispute, response: Response) -> Answer | None:
        self.asked += 1
        if self._next() == "down":
            raise OutcomeUnknown("no answer")
        return Answer(State.SUCCEEDED) if self.heard[_key_of(response)] else None

    def _done(self, response: Response, exhibits: tuple[Exhibit, ...]) -> Answer:
        does = self._next()
        if does == "down":
            raise Unavailable("nobody there")
        if does == "refuse":
            return Answer(State.REFUSED, "too_late", "The bank has decided")
        self.heard[_key_of(response)] += 1
        self.said.append((response, exhibits))
        if does == "lost":
            raise OutcomeUnknown("no answer")
        return Answer(State.SUCCEEDED)

    def _next(self) -> str:
        return self.does.pop(0) if self.does else ""


class FakeDesks:
    """The port ``DisputeDesks``: every PSP has ``desk``, or none has one."""

    def __init__(self, desk: DisputeDesk | None = None) -> None:
        self.desk = desk

    def of(self, source: Source, gateway: str) -> DisputeDesk | None:
        return self.desk


class FakeEvidence:
    """The port ``EvidenceStore``. ``uploaded`` holds the newest version of each file by key."""

    def __init__(self) -> None:
        self.uploaded: dict[str, str] = {}
        self._uploads = 0
        self.forms: list[tuple[str, str, int]] = []

    def form(self, key: str, content_type: str, size: int, seconds: int) -> tuple[str, Mapping[str, str]]:
        self.forms.append((key, content_type, size))
        return "https://files.example/", {"key": key, "Content-Type": content_type}

    def upload(self, key: str) -> None:
        """What the merchant's browser does with a form, as often as it likes."""
        self._uploads += 1
        self.uploaded[key] = f"version-{self._uploads}"

    def version_of(self, key: str) -> str | None:
        return self.uploaded.get(key)

    def content(self, key: str, version: str) -> bytes:
        return f"{version} of {key}".encode()


def _key_of(response: Response) -> str:
    assert response.sending is not None
    return response.sending.key


def _place(dispute: Dispute) -> str:
    return f"{dispute.created_at.isoformat(timespec='microseconds')}#{dispute.id}"


def _message(notice: Notice) -> tuple[str, str, datetime, str]:
    return notice.source, notice.psp_id, notice.happened_at, notice.status
