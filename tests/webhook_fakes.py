"""The webhook engine's world in memory: a table, a queue with visibility, a clock, and a receiver that obeys."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.adapters.remembered_endpoints import EndpointMemory
from shared.domain import ids
from shared.domain.delivery import Delivery, Outcome
from shared.domain.errors import NotFound
from shared.domain.event import Event, EventType, Facts
from shared.domain.ids import EndpointId, EventId, MerchantId, PaymentId
from shared.domain.merchant import Endpoint, Merchant, Secret
from shared.domain.operation import Kind
from shared.domain.payment import Environment
from shared.families.registry import NOTICES
from shared.ports.messages import Message
from shared.ports.webhooks import DeliveryTask, Outgoing, ReplayTask, WebhookWorld
from shared.usecases.payment.facts import payment_facts
from shared.usecases.webhook.deliver import deliver
from shared.usecases.webhook.fan_out import fan_out
from shared.usecases.webhook.replay_deliveries import queue_due, replay_page
from tools.testing.builders import a_payment

SHOP = MerchantId("m_shop")
TEST = Environment.TEST
SECRET = Secret("whsec_test_" + b64encode(bytes(range(24))).decode(), datetime(2026, 1, 1, tzinfo=UTC))
OWN_SECRET = Secret("whsec_test_" + b64encode(bytes(24)).decode(), datetime(2026, 1, 1, tzinfo=UTC))
INTERVAL = 300
OK = Outcome(duration_ms=5, status_code=200)


@dataclass
class Clock:
    moment: datetime = datetime(2026, 11, 21, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class FakeMerchants:
    """Endpoints by id; ``reads`` counts what the engine asked for."""

    stored: dict[str, Endpoint] = field(default_factory=dict)
    reads: int = 0

    def get(self, merchant_id: MerchantId) -> Merchant:
        return Merchant(merchant_id, "Shop", datetime(2026, 1, 1, tzinfo=UTC), email="owner@shop.example.com")

    def endpoints(self, merchant_id: MerchantId, environment: Environment) -> list[Endpoint]:
        self.reads += 1
        mine = [e for e in self.stored.values() if (e.merchant_id, e.environment) == (merchant_id, environment)]
        return sorted(mine, key=lambda endpoint: endpoint.created_at)

    def endpoint(self, merchant_id: MerchantId, environment: Environment, endpoint_id: str) -> Endpoint:
        self.reads += 1
        found = self.stored.get(endpoint_id)
        if found is None or (found.merchant_id, found.environment) != (merchant_id, environment):
            raise NotFound("there is no such webhook endpoint")
        return found

    def save_endpoint(self, endpoint: Endpoint) -> Endpoint | None:
        there = self.stored.get(endpoint.id)
        if there is None and endpoint.version:
            raise NotFound("there is no such webhook endpoint")
        if there is not None and there.version != endpoint.version:
            return there
        self.stored[endpoint.id] = replace(endpoint, version=endpoint.version + 1)
        return None

    def delete_endpoint(self, endpoint: Endpoint) -> None:
        self.stored.pop(endpoint.id, None)

    def own_secret(self, merchant_id: MerchantId, environment: Environment) -> Secret:
        return OWN_SECRET


@dataclass
class FakeEvents:
    stored: dict[str, Event] = field(default_factory=dict)
    fanned_out: set[str] = field(default_factory=set)

    def get(self, merchant_id: MerchantId, environment: Environment, event_id: str) -> Event:
        if event_id not in self.stored:
            raise NotFound("there is no such event")
        return self.stored[event_id]

    def put(self, event: Event) -> None:
        self.stored[event.id] = event

    def not_fanned_out(self, before: datetime, limit: int) -> list[Event]:
        found = [e for e in self.stored.values() if e.id not in self.fanned_out and e.created_at < before]
        return found[:limit]

    def mark_fanned_out(self, event: Event, now: datetime) -> None:
        self.fanned_out.add(event.id)


Key = tuple[str, str, str, str]


@dataclass
class FakeDeliveries:
    events: FakeEvents
    stored: dict[Key, Delivery] = field(default_factory=dict)
    slots: dict[str, datetime] = field(default_factory=dict)

    def create(self, delivery: Delivery, told: Event | None = None) -> Delivery | None:
        there = self.stored.get(_key(delivery))
        if there is not None:
            return there
        self.stored[_key(delivery)] = replace(delivery, version=1)
        if told is not None:
            self.events.fanned_out.add(told.id)
        return None

    def save(self, delivery: Delivery) -> Delivery | None:
        there = self.stored[_key(delivery)]
        if there.version != delivery.version:
            return there
        self.stored[_key(delivery)] = replace(delivery, version=delivery.version + 1)
        return None

    def get(self, merchant_id: MerchantId, environment: Environment, endpoint_id: str, event_id: str) -> Delivery:
        found = self.stored.get((merchant_id, environment.value, endpoint_id, event_id))
        if found is None:
            raise NotFound("there is no such delivery")
        return found

    def of_events(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        endpoint_ids: Sequence[str],
        event_ids: Sequence[EventId],
    ) -> list[Delivery]:
        wanted = [(merchant_id, environment.value, each, event) for each in endpoint_ids for event in event_ids]
        found = [self.stored[key] for key in wanted if key in self.stored]
        return sorted(found, key=lambda delivery: (delivery.event_id, delivery.id), reverse=True)

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
        mine = self._of(merchant_id, environment, endpoint_id)
        if since is None:
            return _page(mine[::-1], limit, lambda d: cursor is None or d.event_id < cursor)
        first = ids.event_bound(since, bytes(10))
        return _page(mine, limit, lambda d: d.event_id >= first and (cursor is None or d.event_id > cursor))

    def open_of_endpoint(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        endpoint_id: str,
        *,
        limit: int,
        cursor: str | None = None,
    ) -> tuple[list[Delivery], str | None]:
        mine = [delivery for delivery in self._of(merchant_id, environment, endpoint_id) if delivery.is_open]
        return _page(mine, limit, lambda d: cursor is None or d.event_id > cursor)

    def count_open(self, delivery: Delivery, at_most: int) -> int:
        mine = self._of(delivery.merchant_id, delivery.environment, delivery.endpoint_id)
        return min(len([other for other in mine if other.is_open and other.lane == delivery.lane]), at_most)

    def due(self, now: datetime, limit: int) -> list[Delivery]:
        return [d for d in self.stored.values() if d.due_at is not None and d.due_at <= now][:limit]

    def take_slot(self, delivery: Delivery, slots: int, now: datetime, until: datetime) -> str | None:
        for number in range(slots):
            slot = f"{delivery.merchant_id}:{delivery.lane}:{number}"
            if self.slots.get(slot, now) <= now:
                self.slots[slot] = until
                return slot
        return None

    def free_slot(self, delivery: Delivery, slot: str) -> None:
        self.slots.pop(slot, None)

    def _of(self, merchant_id: str, environment: Environment, endpoint_id: str) -> list[Delivery]:
        owner = (merchant_id, environment.value, endpoint_id)
        return [self.stored[key] for key in sorted(self.stored) if key[:3] == owner]


@dataclass
class FakeMessage:
    task: DeliveryTask | ReplayTask
    visible_at: datetime
    receives: int = 0


@dataclass
class FakeQueue:
    now: Clock
    messages: list[FakeMessage] = field(default_factory=list)

    def send(self, tasks: Sequence[DeliveryTask | ReplayTask]) -> None:
        self.messages += [FakeMessage(task, self.now()) for task in tasks]


@dataclass
class FakeSender:
    """Answers with ``script`` in turn, then with ``default``; keeps what was posted."""

    default: Outcome = OK
    script: list[Outcome] = field(default_factory=list)
    posted: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def send(self, outgoing: Outgoing) -> Outcome:
        self.posted.append((outgoing.url, dict(outgoing.headers), outgoing.body))
        return self.script.pop(0) if self.script else self.default


@dataclass
class FakeMessenger:
    sent: dict[str, Message] = field(default_factory=dict)

    def send(self, message: Message, merchant_id: MerchantId, environment: Environment, key: str) -> None:
        self.sent.setdefault(key, message)


class Shop:
    """The whole engine over fakes, driven message by message."""

    def __init__(self, **settings: Any) -> None:
        self.now = Clock()
        self.merchants = FakeMerchants()
        self.events = FakeEvents()
        self.deliveries = FakeDeliveries(self.events)
        self.queue = FakeQueue(self.now)
        self.sender = FakeSender()
        self.messenger = FakeMessenger()
        self._made = 0
        self.world = WebhookWorld(
            merchants=self.merchants,  # type: ignore[arg-type]  # the engine uses a part of the port
            events=self.events,  # type: ignore[arg-type]
            deliveries=self.deliveries,
            queue=self.queue,
            sender=self.sender,
            remembered=EndpointMemory(self.merchants, self.now),  # type: ignore[arg-type]
            notices=NOTICES,
            messenger=self.messenger,
            now=self.now,
            entropy=lambda count: bytes([7]) * count,
            interval_seconds=INTERVAL,
            allow_private=bool(settings.get("allow_private", False)),
            pause=lambda attempt: None,
            event_id=ids.event_id,
        )

    def endpoint(self, name: str = "one", **settings: Any) -> Endpoint:
        endpoint = an_endpoint(name, **settings)
        self.merchants.save_endpoint(endpoint)
        return self.merchants.stored[endpoint.id]

    def stored(self, endpoint: Endpoint) -> Endpoint:
        return self.merchants.stored[endpoint.id]

    def happens(self, **settings: Any) -> Event:
        """An event, written and fanned out."""
        self._made += 1
        event = an_event(self.now(), self._made, **settings)
        self.events.put(event)
        fan_out([event], world=self.world)
        return event

    def work(self) -> int:
        """Every message that is visible now, once; returns how many there were."""
        visible = [message for message in self.queue.messages if message.visible_at <= self.now()]
        for message in visible:
            message.receives += 1
            if isinstance(message.task, ReplayTask):
                replay_page(message.task, world=self.world)
                again = None
            else:
                again = deliver(message.task, message.receives, world=self.world)
            if again is None:
                self.queue.messages.remove(message)
            else:
                message.visible_at = self.now() + timedelta(seconds=again)
        return len(visible)

    def run(self, seconds: float, step: float = 1.0) -> None:
        """Let time pass: messages are worked on as they come, housekeeping runs every minute."""
        for tick in range(int(seconds / step)):
            self.work()
            self.now.advance(step)
            if tick * step % 60 == 0:
                queue_due(50, world=self.world)
        self.work()

    def delivery(self, event: Event, endpoint_id: str = "we_one") -> Delivery:
        return self.deliveries.get(event.merchant_id, event.environment, endpoint_id, event.id)


def an_endpoint(name: str = "one", **settings: Any) -> Endpoint:
    given: dict[str, Any] = {
        "id": EndpointId(f"we_{name}"),
        "merchant_id": SHOP,
        "environment": TEST,
        "url": f"https://{name}.example.com/hook",
        "secrets": (SECRET,),
        "created_at": datetime(2026, 1, 2, tzinfo=UTC),
    }
    return Endpoint(**(given | settings))


def an_event(now: datetime, number: int = 1, **settings: Any) -> Event:
    given: dict[str, Any] = {
        "id": EventId(ids.event_id(now, number.to_bytes(10, "big"), f"TXN_{number}")),
        "type": EventType.PAID,
        "merchant_id": SHOP,
        "environment": TEST,
        "subject": "TXN_20261121_ABCDEFGHIJKLMNOP",
        "sequence": number,
        "created_at": now,
        "facts": Facts(payment_facts(a_payment(id=PaymentId("TXN_20261121_ABCDEFGHIJKLMNOP")), Kind.SALE, now)),
    }
    return Event(**(given | settings))


def _key(delivery: Delivery) -> Key:
    return (delivery.merchant_id, delivery.environment.value, delivery.endpoint_id, delivery.event_id)


def _page(found: list[Delivery], limit: int, wanted: Any) -> tuple[list[Delivery], str | None]:
    rest = [delivery for delivery in found if wanted(delivery)]
    page = rest[:limit]
    return page, page[-1].event_id if len(rest) > limit else None
