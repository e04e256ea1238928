"""Disputes' storage, their evidence, and the sources they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from shared.domain.dispute import Dispute, Notice
    from shared.domain.event import Event
    from shared.domain.ids import DisputeId, MerchantId
    from shared.domain.payment import Environment, Payment
    from shared.domain.statuses import DisputeStatus
    from shared.ports.inbound import Inbound


@dataclass(frozen=True, slots=True)
class DisputeChange:
    """One atomic write: the dispute, the counters it moves, its events, and its payment where what it holds changed.

    ``before`` is the dispute as it was read, None for a new one; its version and the payment's guard the write.
    """

    dispute: Dispute
    before: Dispute | None
    events: Sequence[Event] = ()
    payment: Payment | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many disputes there are in one status and currency, and their amounts in minor units."""

    status: DisputeStatus
    currency: str
    count: int
    minor: int


@dataclass(frozen=True, slots=True)
class Period:
    """Days (UTC) on which disputes were created, both included; None is open."""

    first: date | None = None
    last: date | None = None


class Disputes(Protocol):
    def get(self, dispute_id: DisputeId) -> Dispute:
        """The dispute as it is now (consistent read). Raises NotFound."""
        ...

    def save(self, change: DisputeChange) -> bool:
        """Write all of ``change`` or nothing; False when somebody wrote since: read again, decide again."""
        ...

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
        """Disputes created in ``period``, newest first, and the next page's cursor. Raises InvalidRequest."""
        ...

    def tallies(self, merchant_id: MerchantId, environment: Environment) -> list[Tally]:
        """The counters of all disputes (consistent read)."""
        ...

    def days(
        self, merchant_id: MerchantId, environment: Environment, period: Period
    ) -> list[tuple[date, list[Tally]]]:
        """The counters by day of creation, newest first (consistent read)."""
        ...

    def overdue(
        self, merchant_id: MerchantId, environment: Environment, now: datetime, limit: int
    ) -> list[DisputeId]:
        """A merchant's unanswered disputes whose deadline has passed (eventually consistent)."""
        ...

    def due(self, now: datetime, limit: int) -> list[DisputeId]:
        """The same of every merchant."""
        ...

    def keep_unmatched(self, notice: Notice, next_try: datetime) -> None:
        """Keep a message about a payment that we do not know. May be repeated; the last ``next_try`` counts."""
        ...

    def unmatched(self, now: datetime, limit: int) -> list[Notice]:
        """Kept messages whose next try is due, the longest overdue first (eventually consistent)."""
        ...

    def forget_unmatched(self, notice: Notice) -> None: ...


class EvidenceStore(Protocol):
    """Uploaded files, every version of them. Their bytes never pass through the gateway."""

    def form(self, key: str, content_type: str, size: int, seconds: int) -> tuple[str, Mapping[str, str]]:
        """URL and fields of a form that uploads exactly one file of this type and size, for so many seconds."""
        ...

    def version_of(self, key: str) -> str | None:
        """Which version was uploaded last; None if nothing was. It stays, whatever is uploaded after it."""
        ...


class DisputeSource(Protocol):
    """How one PSP tells of disputes."""

    def sent(self, inbound: Inbound) -> bool:
        """Whether this looks like a message of this PSP: by a header only it sends."""
        ...

    def read(self, inbound: Inbound) -> Notice | None:
        """What it says; None when it is about something else.

        Raises Unauthenticated unless it is surely the PSP's, InvalidRequest when it cannot be understood.
        """
        ...
