"""The deliveries queue: try each delivery once if it is due, side by side."""

from __future__ import annotations

import time
from typing import Any

from shared.bootstrap import webhooks
from shared.domain.delivery import delivery_id
from shared.edge.observe import count, logger
from shared.edge.queue import consume
from shared.families.registry import NOTICES
from shared.ports.webhooks import ReplayTask
from shared.usecases.webhook.deliver import deliver
from shared.usecases.webhook.replay_deliveries import replay_page


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answers with the messages to keep; each has been told when to come back."""
    records = event["Records"]
    webhooks.webhook_world(NOTICES)  # built once, before threads ask for it
    answer = consume(records, _work, webhooks.deliveries_queue().postpone)
    count("WebhookMessages", len(records))
    return answer


def _work(body: str, receives: int) -> int | None:
    started = time.perf_counter()
    task = webhooks.deliveries_queue().read(body)
    world = webhooks.webhook_world(NOTICES)
    if isinstance(task, ReplayTask):
        replayed = replay_page(task, world=world)
        logger().info("replayed", endpointId=task.endpoint_id, deliveries=replayed)
        return None
    again = deliver(task, receives, world=world)
    if again is not None:
        count("DeliveriesPutOff")
    logger().info(
        "delivery",
        deliveryId=delivery_id(task.endpoint_id, task.event_id),
        paymentId=task.event.subject if task.event else None,
        eventId=task.event_id,
        endpointId=task.endpoint_id,
        merchantId=task.merchant_id,
        receives=receives,
        againSeconds=again,
        milliseconds=round((time.perf_counter() - started) * 1000),
    )
    return again
