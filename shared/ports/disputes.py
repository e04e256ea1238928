"""Disputes' storage, their evidence, the sources they come from, and the desks that take answers to them."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Protocol

from shared.domain.record import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from shared.domain.answering import Takes
    from shared.domain.dispute import Dispute, Notice, Purpose, Response
    from shared.domain.event import Event
    from shared.domain.ids import DisputeId, MerchantId
    from shared.domain.operation import Answer
    from shared.domain.payment import Environment, Payment
    from shared.domain.statuses import DisputeStatus, Source
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
    """Uploaded files, every version of them. Their bytes come past the gateway's API, and go on to who takes them."""

    def form(self, key: str, content_type: str, size: int, seconds: int) -> tuple[str, Mapping[str, str]]:
        """URL and fields of a form that uploads exactly one file of this type and size, for so many seconds."""
        ...

    def version_of(self, key: str) -> str | None:
        """Which version was uploaded last; None if nothing was. It stays, whatever is uploaded after it."""
        ...

    def content(self, key: str, version: str) -> bytes:
        """What was uploaded as that version. Raises Unavailable."""
        ...


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A file of an answer, as it was when the answer named it."""

    id: str
    name: str
    content_type: str
    purpose: Purpose
    content: bytes = field(repr=False)


class DisputeDesk(Protocol):
    """Where one PSP takes what a merchant says to a dispute.

    ``response.sending`` has the key under which it is taken once. Each call returns an Answer (SUCCEEDED or REFUSED),
    or raises Unavailable when it surely had no effect and OutcomeUnknown when it may have had one.
    """

    @property
    def takes(self) -> Takes: ...

    def answer(self, dispute: Dispute, response: Response, exhibits: Sequence[Exhibit]) -> Answer: ...

    def accept(self, dispute: Dispute, response: Response) -> Answer:
        """Give up what is disputed. Where it is given up or decided against the merchant already: SUCCEEDED."""
        ...

    def lookup(self, dispute: Dispute, response: Response) -> Answer | None:
        """What became of an earlier call; None when it never arrived, and may be made."""
        ...


class DisputeDesks(Protocol):
    def of(self, source: Source, gateway: str) -> DisputeDesk | None:
        """The desk for disputes that ``source`` tells of, about payments at ``gateway``; None: a person brings it."""
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
