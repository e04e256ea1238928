"""Fan an event out: one delivery for each endpoint that wants it, and one for the payment's own notifyUrl."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from shared.domain.delivery import NOTIFY, SICK_AFTER_TIMEOUTS, Delivery, lane
from shared.domain.event import Event, EventType
from shared.domain.ids import MerchantId
from shared.domain.merchant import Endpoint, EndpointStatus
from shared.domain.payment import Environment
from shared.domain.record import dataclass
from shared.ports.webhooks import DeliveryTask, Notices, WebhookWorld

FORGOTTEN_AFTER: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an event leads to: deliveries to send now, and endpoints that get it later."""

    event: Event
    tasks: list[DeliveryTask]
    held: list[Endpoint]

    @property
    def is_sole(self) -> bool:
        return len(self.tasks) == 1 and not self.held


def fan_out(events: Sequence[Event], *, world: WebhookWorld, mark_all: bool = False) -> int:
    """Queue the deliveries of ``events``; returns how many. Repeating it does no harm; raises when unfinished.

    An event with a single delivery is marked as fanned out by that delivery's first claim, which saves a
    call; ``mark_all`` marks it here.
    """
    endpoints: dict[tuple[MerchantId, Environment], list[Endpoint]] = {}
    plans = []
    for event in events:
        owner = (event.merchant_id, event.environment)
        if owner not in endpoints:
            endpoints[owner] = world.merchants.endpoints(*owner)
        plans.append(_plan(event, endpoints[owner], world.notices))
    for plan in plans:
        for endpoint in plan.held:
            world.deliveries.create(_held(plan.event, endpoint, world))
    world.queue.send([replace(task, sole=plan.is_sole and not mark_all) for plan in plans for task in plan.tasks])
    for plan in plans:
        if mark_all or not plan.is_sole:
            world.events.mark_fanned_out(plan.event, world.now())
    return sum(len(plan.tasks) for plan in plans)


def fan_out_forgotten(limit: int, *, world: WebhookWorld) -> int:
    """Fan out again what nobody confirmed within two minutes; returns how many events."""
    forgotten = world.events.not_fanned_out(world.now() - FORGOTTEN_AFTER, limit)
    fan_out(forgotten, world=world, mark_all=True)
    return len(forgotten)


def _plan(event: Event, known: list[Endpoint], notices: Notices) -> _Plan:
    endpoints = [endpoint for endpoint in known if endpoint.id != NOTIFY]
    targets = [endpoint for endpoint in endpoints if _wants(endpoint, event, notices)]
    live = [endpoint for endpoint in targets if takes(endpoint, event)]
    tasks = [_task(event, endpoint.id, endpoint_version=endpoint.version) for endpoint in live]
    # A shop that registered the same address for both should hear of a payment once.
    own = event.notify_url and notices.of(event, None).name(event)
    if own and event.notify_url not in {endpoint.url for endpoint in live}:
        tasks.append(_notify_task(event, endpoints, known))
    return _Plan(event, tasks, [endpoint for endpoint in targets if endpoint not in live])


def _notify_task(event: Event, endpoints: list[Endpoint], known: list[Endpoint]) -> DeliveryTask:
    signer = newest(endpoints)
    sick = is_sick(known, lane(NOTIFY, event.notify_url or ""))
    if signer is None:
        return _task(event, NOTIFY, sick=sick)
    return _task(event, NOTIFY, endpoint_version=signer.version, signer=signer.id, sick=sick)


def newest(endpoints: list[Endpoint]) -> Endpoint | None:
    """The endpoint whose secret signs notifyUrl deliveries."""
    own = [endpoint for endpoint in endpoints if endpoint.id != NOTIFY and not endpoint.service]
    return max(own, key=lambda endpoint: (endpoint.created_at, endpoint.id), default=None)


def is_sick(known: list[Endpoint], host_lane: str) -> bool:
    """Whether the host of a notifyUrl has kept hanging lately."""
    return any(e.id == NOTIFY and e.timeouts_by_lane.get(host_lane, 0) >= SICK_AFTER_TIMEOUTS for e in known)


def takes(endpoint: Endpoint, event: Event) -> bool:
    """A test event goes out although the endpoint is paused: that is when a merchant tries a repaired receiver."""
    return endpoint.status is EndpointStatus.ENABLED or event.type is EventType.ENDPOINT_TEST


def _wants(endpoint: Endpoint, event: Event, notices: Notices) -> bool:
    if event.type is EventType.ENDPOINT_TEST:
        return endpoint.id == event.subject
    name = notices.of(event, endpoint).name(event)
    return name is not None and endpoint.wants(name)


def _task(
    event: Event, endpoint_id: str, *, endpoint_version: int = 0, signer: str = "", sick: bool = False
) -> DeliveryTask:
    return DeliveryTask(
        merchant_id=event.merchant_id,
        environment=event.environment,
        endpoint_id=endpoint_id,
        event_id=event.id,
        lane=lane(endpoint_id, event.notify_url or ""),
        event=event,
        endpoint_version=endpoint_version,
        signer=signer,
        sick=sick,
    )


def _held(event: Event, endpoint: Endpoint, world: WebhookWorld) -> Delivery:
    return new_delivery(event, endpoint.id, endpoint, endpoint.url, world).kept(world.now())


def new_delivery(
    event: Event, endpoint_id: str, endpoint: Endpoint | None, url: str, world: WebhookWorld
) -> Delivery:
    """The delivery as it begins, under the name that its receiver knows the event by."""
    return Delivery(
        merchant_id=event.merchant_id,
        environment=event.environment,
        endpoint_id=endpoint_id,
        event_id=event.id,
        event_type=world.notices.of(event, endpoint).name(event) or event.type.value,
        url=url,
        created_at=world.now(),
    )
