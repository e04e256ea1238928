"""Deliveries: their storage, their queue, what signs and sends them."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Protocol

from shared.domain.record import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from shared.domain.delivery import Delivery, Outcome, Schedule
    from shared.domain.event import Event
    from shared.domain.ids import EventId, MerchantId
    from shared.domain.merchant import Endpoint, Secret, SignatureEncoding
    from shared.domain.payment import Environment
    from shared.ports.events import Events
    from shared.ports.merchants import Merchants
    from shared.ports.messages import Messenger
    from shared.ports.world import Clock, Entropy, EventIds


@dataclass(frozen=True, slots=True)
class Signing:
    """What a notice is made from. ``secrets`` has the newest first and at least one."""

    event: Event
    delivery_id: str
    url: str
    secrets: tuple[str, ...] = field(repr=False)
    encoding: SignatureEncoding
    now: datetime


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request to a receiver, ready to be sent. Its address may hold a secret that no record may have."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class NotificationFormat(Protocol):
    """How one kind of receiver is spoken to. Pure: the same event has the same body for ever."""

    @property
    def names(self) -> frozenset[str]:
        """Every name that ``name`` may give: what an endpoint's ``events`` may hold."""
        ...

    def name(self, event: Event) -> str | None:
        """What this format calls the event; None when it does not speak of it."""
        ...

    def render(self, signing: Signing) -> Outgoing: ...

    def schedule(self, interval_seconds: int, environment: Environment) -> Schedule: ...


@dataclass(frozen=True, slots=True, eq=False)
class Notices:
    """The formats by name, and which one a payment's own address is written in, by the payment's family."""

    formats: Mapping[str, NotificationFormat]
    own: Mapping[str, str]

    def of(self, event: Event, endpoint: Endpoint | None) -> NotificationFormat:
        """The endpoint's format; without an endpoint that of the event's own family."""
        return self.formats[endpoint.payload_format if endpoint else self.own[event.family]]


class Deliveries(Protocol):
    """One delivery per event and endpoint, with its attempts. Every write is guarded by ``version``."""

    def create(self, delivery: Delivery, told: Event | None = None) -> Delivery | None:
        """Write a new delivery, and with it that ``told`` was fanned out. None, or the delivery already there."""
        ...

    def save(self, delivery: Delivery) -> Delivery | None:
        """Write if the version is unchanged; stores version + 1. None when written, else the newer one."""
        ...

    def get(self, merchant_id: MerchantId, environment: Environment, endpoint_id: str, event_id: str) -> Delivery:
        """One delivery (consistent read). Raises NotFound."""
        ...

    def of_endpoint(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        endpoint_id: str,
        *,
        limit: int,
        cursor: str | None = None,
        since: datetime | None = None,
    ) -> tuple[list[Delivery], str | None]:
        """Deliveries newest first, or with ``since`` oldest first from then; and the cursor of the next page."""
        ...

    def of_events(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        endpoint_ids: Sequence[str],
        event_ids: Sequence[EventId],
    ) -> list[Delivery]:
        """Deliveries of these events to these endpoints, as many as there are, newest first (consistent read)."""
        ...

    def open_of_endpoint(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        endpoint_id: str,
        *,
        limit: int,
        cursor: str | None = None,
    ) -> tuple[list[Delivery], str | None]:
        """Deliveries not ended yet, oldest first (found eventually, read consistently)."""
        ...

    def count_open(self, delivery: Delivery, at_most: int) -> int:
        """How many deliveries of the same lane have not ended, counted up to ``at_most``."""
        ...

    def due(self, now: datetime, limit: int) -> list[Delivery]:
        """Deliveries whose ``due_at`` has passed."""
        ...

    def take_slot(self, delivery: Delivery, slots: int, now: datetime, until: datetime) -> str | None:
        """Take one of the ``slots`` of its lane, free again ``until`` at the latest; None when all are taken."""
        ...

    def free_slot(self, delivery: Delivery, slot: str) -> None: ...


@dataclass(frozen=True, slots=True)
class DeliveryTask:
    """A queue message: try this delivery.

    The first one brings the event, how new the endpoint's settings were at fan-out, for a notifyUrl whose
    secret signs (``signer``: an endpoint's id, or empty for the merchant's own), whether that address is
    ``sick``, and whether this is the ``sole`` delivery of its event. Later ones name ids and a ``round`` only.
    The queue serves the lanes of a merchant in turn; ``lane`` tells it which this is in, and is in no message.
    """

    merchant_id: MerchantId
    environment: Environment
    endpoint_id: str
    event_id: str
    lane: str = ""
    round: int = 0
    event: Event | None = None
    endpoint_version: int = 0
    signer: str = ""
    sick: bool = False
    sole: bool = False


@dataclass(frozen=True, slots=True)
class ReplayTask:
    """A queue message: queue an endpoint's deliveries again, page by page: the held ones, or all ``since``."""

    merchant_id: MerchantId
    environment: Environment
    endpoint_id: str
    since: datetime | None = None
    until: datetime | None = None
    cursor: str | None = None


class Queue(Protocol):
    def send(self, tasks: Sequence[DeliveryTask | ReplayTask]) -> None:
        """Send all. Raises Unavailable when one was not taken; sending them again does no harm."""
        ...


class Sender(Protocol):
    def send(self, outgoing: Outgoing) -> Outcome:
        """One request within ten seconds in all. Never raises for what the other side does: it is in the outcome."""
        ...


class RememberedEndpoints(Protocol):
    """Endpoints as a warm worker remembers them."""

    def endpoint(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        endpoint_id: str,
        *,
        version: int | None,
    ) -> Endpoint:
        """The endpoint, at least as new as ``version``; None reads it afresh. Raises NotFound."""
        ...

    def own_secret(self, merchant_id: MerchantId, environment: Environment) -> Secret: ...


@dataclass(frozen=True, slots=True)
class WebhookWorld:
    """What the webhook use cases may touch."""

    merchants: Merchants
    events: Events
    deliveries: Deliveries
    queue: Queue
    sender: Sender
    remembered: RememberedEndpoints
    notices: Notices
    messenger: Messenger
    now: Clock
    entropy: Entropy
    interval_seconds: int
    allow_private: bool
    pause: Callable[[int], None]  # between tries of a contended write; the argument counts them from 0
    event_id: EventIds
