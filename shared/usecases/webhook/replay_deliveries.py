"""Queue deliveries again: what waits in the table when it is due, one on demand, or a whole endpoint's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.delivery import NOTIFY, Delivery
from shared.domain.errors import NotFound
from shared.domain.merchant import EndpointStatus
from shared.ports.webhooks import DeliveryTask, ReplayTask, WebhookWorld

PAGE: Final = 50


def replay_delivery(delivery: Delivery, *, world: WebhookWorld) -> Delivery:
    """Start a delivery over, whatever it came to: a fresh schedule, the same event id and body."""
    queued = _queue(delivery, world, again=True)
    world.queue.send([_task(queued)])
    return queued


def replay_page(task: ReplayTask, *, world: WebhookWorld) -> int:
    """Queue one page of an endpoint's deliveries again, and the next page as a message; returns how many."""
    where = (task.merchant_id, task.environment, task.endpoint_id)
    if task.since is None:
        found, cursor = world.deliveries.open_of_endpoint(*where, limit=PAGE, cursor=task.cursor)
        wanted = [delivery for delivery in found if delivery.held]
    else:
        found, cursor = world.deliveries.of_endpoint(*where, limit=PAGE, cursor=task.cursor, since=task.since)
        wanted = [d for d in found if task.until is None or d.created_at <= task.until]
    tasks: list[DeliveryTask | ReplayTask] = [_task(_queue(d, world, again=True)) for d in wanted]
    if cursor and (wanted or task.since is None):
        tasks.append(replace(task, cursor=cursor))
    world.queue.send(tasks)
    return len(wanted)


def queue_due(limit: int, *, world: WebhookWorld) -> int:
    """Send to the queue what is due in the table: parked deliveries, and any whose message was lost."""
    due = world.deliveries.due(world.now(), limit)
    tasks = []
    for delivery in due:
        if delivery.held and _is_still_held(delivery, world):
            # The one early look. From here on it is the merchant's resume that finds it.
            world.deliveries.save(replace(delivery, due_at=None))
        elif delivery.is_open and not delivery.is_claimed(world.now()):
            tasks.append(_task(_queue(delivery, world, again=delivery.held)))
    world.queue.send(tasks)
    return len(tasks)


def _is_still_held(delivery: Delivery, world: WebhookWorld) -> bool:
    if delivery.endpoint_id == NOTIFY:
        return False
    try:
        endpoint = world.merchants.endpoint(delivery.merchant_id, delivery.environment, delivery.endpoint_id)
    except NotFound:
        return False  # deliver gives it up
    return endpoint.status is not EndpointStatus.ENABLED


def _queue(delivery: Delivery, world: WebhookWorld, *, again: bool) -> Delivery:
    """Written before it is sent, with a time to look again: a lost message is sent anew by housekeeping."""
    while True:
        now: datetime = world.now()
        queued = delivery.replayed(now) if again else delivery.queued(now)
        current = world.deliveries.save(queued)
        if current is None:
            return replace(queued, version=queued.version + 1)
        delivery = current
        if not again and not delivery.is_open:
            return delivery


def _task(delivery: Delivery) -> DeliveryTask:
    return DeliveryTask(
        merchant_id=delivery.merchant_id,
        environment=delivery.environment,
        endpoint_id=delivery.endpoint_id,
        event_id=delivery.event_id,
        lane=delivery.lane,
        round=delivery.round,
    )
