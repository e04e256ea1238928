"""The events' stream, how payments end: what customers are told, what is paid by it, and the sandbox's disputes.

From its queue also the letters to people who work at a merchant."""

from __future__ import annotations

from typing import Any

from shared.bootstrap import core, runtime, sandbox, webhooks
from shared.domain.event import Event, EventType
from shared.domain.figures import figures_of
from shared.domain.ids import PaymentId
from shared.domain.person import Letter
from shared.edge.observe import logger
from shared.edge.queue import consume, wait_seconds
from shared.usecases.dispute.take_notice import take_notice
from shared.usecases.link.settle_link import settle_link
from shared.usecases.order.settle_order import settle_order
from shared.usecases.payment.send_receipt import send_receipt
from shared.usecases.payment.tell_return import tell_return
from shared.usecases.people.sign_in import send_links


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """The stream's events, and from a queue of their own those that failed: nothing is sent twice.

    One that cannot be told, because a mail server refuses its address for example, is set aside and delays no other.
    Raises when it cannot even be set aside: the stream then brings the batch again.
    """
    records = event["Records"]
    if records and "body" in records[0]:
        return consume(records, _again, webhooks.set_aside().postpone)
    sent = 0
    for record in records:
        told = webhooks.new_in_stream(record["dynamodb"]["NewImage"])
        if told is None:
            continue
        try:
            sent += _tell(told)
        except Exception:
            logger().exception("event set aside", paymentId=told.subject, eventId=told.id)
            webhooks.set_aside().put(told)
    logger().info("receipts", events=len(records), sent=sent)
    return {"sent": sent}


def _again(body: str, receives: int) -> int | None:
    """Try one that was set aside, or a letter; in how many seconds again, if it fails."""
    if letter := core.letters().read(body):
        return _write(letter, receives)
    name = webhooks.set_aside().read(body)
    told = None
    try:
        told = core.events().get(*name)
        _tell(told)
    except Exception:
        subject = told.subject if told else None
        logger().exception("event not told", paymentId=subject, eventId=name[-1], receives=receives)
        return wait_seconds(receives)
    return None


def _write(letter: Letter, receives: int) -> int | None:
    """Mail the links that somebody asked for. Nobody is told whether there were any."""
    try:
        send_links(
            letter,
            people=core.people(),
            merchants=core.merchants(),
            messenger=core.messenger(),
            now=runtime.now(),
            entropy=runtime.entropy,
            captures_test=runtime.flag("SANDBOX"),
        )
    except Exception:
        logger().exception("letter not sent", letter=letter.id, receives=receives)
        return wait_seconds(receives)
    return None


def _tell(told: Event) -> bool:
    """Everything that follows from one event, what moves nothing outside first. Safe to repeat."""
    if added := figures_of(told):
        core.figures().add(told, added, runtime.now())
    if told.type in (EventType.PAID, EventType.FAILED):
        _settle(told)
    if told.type is EventType.PAID:
        disputed = sandbox.sandbox_dispute(told)
        if disputed is not None:
            take_notice(disputed, world=core.world(), disputes=core.disputes())
    if told.type is EventType.RETURNED:
        return tell_return(told, payments=core.payments(), merchants=core.merchants(), messenger=core.messenger())
    return send_receipt(told, payments=core.payments(), merchants=core.merchants(), messenger=core.messenger())


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
