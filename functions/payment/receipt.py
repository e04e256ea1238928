"""The events' stream, how payments end: what customers are told, a link that is paid, and the sandbox's disputes."""

from __future__ import annotations

from typing import Any

from shared import bootstrap
from shared.domain.event import EventType
from shared.domain.ids import PaymentId
from shared.edge.observe import logger
from shared.usecases.send_receipt import send_receipt
from shared.usecases.settle_link import settle_link
from shared.usecases.take_notice import take_notice


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Raises when a part failed: the stream brings the batch again, and nothing is sent twice."""
    sent = 0
    for record in event["Records"]:
        told = bootstrap.event_in_stream(record["dynamodb"]["NewImage"])
        sent += send_receipt(
            told, payments=bootstrap.payments(), merchants=bootstrap.merchants(), messenger=bootstrap.messenger()
        )
        if told.type is not EventType.SUCCEEDED:
            continue
        if told.data.get("linkId"):
            payment = bootstrap.payments().get(PaymentId(told.subject))
            settle_link(payment, world=bootstrap.world(), links=bootstrap.links())
        disputed = bootstrap.sandbox_dispute(told)
        if disputed is not None:
            take_notice(disputed, world=bootstrap.world(), disputes=bootstrap.disputes())
    logger().info("receipts", events=len(event["Records"]), sent=sent)
    return {"sent": sent}
