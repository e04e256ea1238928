"""The events' stream, how payments end: what customers are told, what is paid by it, and the sandbox's disputes."""

from __future__ import annotations

from typing import Any

from shared.bootstrap import core, sandbox, webhooks
from shared.domain.event import Event, EventType
from shared.domain.ids import PaymentId
from shared.edge.observe import logger
from shared.usecases.dispute.take_notice import take_notice
from shared.usecases.link.settle_link import settle_link
from shared.usecases.order.settle_order import settle_order
from shared.usecases.payment.send_receipt import send_receipt


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Raises when a part failed: the stream brings the batch again, and nothing is sent twice."""
    sent = 0
    for record in event["Records"]:
        told = webhooks.event_in_stream(record["dynamodb"]["NewImage"])
        sent += send_receipt(told, payments=core.payments(), merchants=core.merchants(), messenger=core.messenger())
        if told.type in (EventType.PAID, EventType.FAILED):
            _settle(told)
        if told.type is not EventType.PAID:
            continue
        disputed = sandbox.sandbox_dispute(told)
        if disputed is not None:
            take_notice(disputed, world=core.world(), disputes=core.disputes())
    logger().info("receipts", events=len(event["Records"]), sent=sent)
    return {"sent": sent}


def _settle(told: Event) -> None:
    """What a payment was for is paid by it, or free again."""
    facts = told.facts.payment
    if facts is None or not (facts.order_id or facts.link_id):
        return
    payment = core.payments().get(PaymentId(told.subject))
    if facts.order_id:
        settle_order(payment, world=core.world(), orders=core.orders())
    if facts.link_id and told.type is EventType.PAID:
        settle_link(payment, world=core.world(), links=core.links())
