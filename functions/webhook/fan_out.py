"""The events' stream: each new event becomes one delivery per endpoint that wants it."""

from __future__ import annotations

from typing import Any

from shared.bootstrap import webhooks
from shared.edge.observe import logger
from shared.families.registry import NOTICES
from shared.usecases.webhook.fan_out import fan_out


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Raises when a part failed: the stream then brings the whole batch again, which does no harm."""
    brought = [
        webhooks.new_in_stream(record["dynamodb"]["NewImage"])
        for record in event["Records"]
        if record["eventName"] == "INSERT"
    ]
    events = [each for each in brought if each is not None]
    queued = fan_out(events, world=webhooks.webhook_world(NOTICES))
    about = sorted({each.subject for each in events})
    logger().info("fanned out", events=len(events), deliveries=queued, about=about)
    return {"events": len(events), "deliveries": queued}
