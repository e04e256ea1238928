"""The events' stream, successes only: the customer gets a receipt."""

from __future__ import annotations

from typing import Any

from shared import bootstrap
from shared.edge.observe import logger
from shared.usecases.send_receipt import send_receipt


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Raises when a receipt could not be sent: the stream brings the batch again, and none is sent twice."""
    sent = 0
    for record in event["Records"]:
        told = bootstrap.event_in_stream(record["dynamodb"]["NewImage"])
        sent += send_receipt(told, payments=bootstrap.payments(), messenger=bootstrap.messenger())
    logger().info("receipts", events=len(event["Records"]), sent=sent)
    return {"sent": sent}
