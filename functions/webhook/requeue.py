"""Every minute: queue the deliveries that waited in the table, and fan out the events nobody confirmed."""

from __future__ import annotations

from typing import Any, Final

from shared.bootstrap import webhooks
from shared.edge.observe import logger
from shared.families.registry import NOTICES
from shared.usecases.webhook.fan_out import fan_out_forgotten
from shared.usecases.webhook.replay_deliveries import queue_due

DELIVERIES: Final = 400
EVENTS: Final = 100


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """What is left after one batch is taken a minute later."""
    world = webhooks.webhook_world(NOTICES)
    queued = queue_due(DELIVERIES, world=world)
    forgotten = fan_out_forgotten(EVENTS, world=world)
    logger().info("requeued", deliveries=queued, events=forgotten)
    return {"deliveries": queued, "events": forgotten}
