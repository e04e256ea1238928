"""From one event to one delivery per address that wants it. Repeating it changes nothing."""

from __future__ import annotations

from shared.domain.delivery import NOTIFY, Delivery, delivery_id
from shared.domain.event import Event
from shared.domain.merchant import EndpointStatus
from shared.ports import WebhookWorld


def fan_out(event: Event, *, world: WebhookWorld) -> list[Delivery]:
    """Make the deliveries and queue them. A paused or disabled endpoint gets its delivery too, unqueued."""
    endpoints = world.merchants.endpoints(event.merchant_id, event.environment)
    made = [
        _delivery(event, endpoint.id, endpoint.url, world)
        for endpoint in endpoints
        if endpoint.wants(event.type.value)
    ]
    if event.notify_url:
        made.append(_delivery(event, NOTIFY, event.notify_url, world))
    for delivery in made:
        world.deliveries.create(delivery)
    waiting = {endpoint.id for endpoint in endpoints if endpoint.status is not EndpointStatus.ENABLED}
    queued = [delivery for delivery in made if delivery.target not in waiting]
    if queued:
        world.queue.put(queued)
    world.events.mark_fanned_out(event, world.now())
    return made


def _delivery(event: Event, target: str, url: str, world: WebhookWorld) -> Delivery:
    return Delivery(
        id=delivery_id(event.id, target),
        event_id=event.id,
        event_type=event.type.value,
        merchant_id=event.merchant_id,
        environment=event.environment,
        target=target,
        url=url,
        created_at=world.now(),
    )
