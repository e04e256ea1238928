"""What delivers events: imported by the functions that send or show deliveries."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from shared.adapters import aws
from shared.adapters.dynamodb.events import readable, was_fanned_out
from shared.bootstrap import core, runtime
from shared.bootstrap.tables import event_ids, tables

if TYPE_CHECKING:
    from shared.adapters.set_aside import SetAside
    from shared.adapters.sqs import SqsQueue
    from shared.domain.event import Event
    from shared.ports.webhooks import Deliveries, Notices, WebhookWorld


@cache
def deliveries() -> Deliveries:
    from shared.adapters.dynamodb.deliveries import DynamoDeliveries

    return DynamoDeliveries(tables(), runtime.setting("DELIVERIES_TABLE"), runtime.setting("EVENTS_TABLE"))


@cache
def deliveries_queue() -> SqsQueue:
    from shared.adapters.sqs import SqsQueue

    return SqsQueue(aws.client("sqs"), runtime.setting("DELIVERIES_QUEUE_URL"))


@cache
def set_aside() -> SetAside:
    """Where events go that could not be told to customers."""
    from shared.adapters.set_aside import SetAside

    return SetAside(aws.client("sqs"), runtime.setting("RECEIPTS_QUEUE_URL"))


def new_in_stream(image: dict[str, Any]) -> Event | None:
    """The event in a record of its table's stream; None for one that was told before, and put back from a copy.

    What remembers who was told of it is gone after hours or months, so that nothing else would keep it from being
    told to everybody again. None also for one that a later release told and this one cannot read.
    """
    return None if was_fanned_out(image) else next(iter(readable([image])), None)


@cache
def webhook_world(notices: Notices) -> WebhookWorld:
    """``notices`` is the families' table, which only handlers read."""
    from shared.adapters.http import PinnedSender
    from shared.adapters.remembered_endpoints import EndpointMemory
    from shared.ports.webhooks import WebhookWorld

    return WebhookWorld(
        merchants=core.merchants(),
        events=core.events(),
        deliveries=deliveries(),
        queue=deliveries_queue(),
        sender=PinnedSender(allow_private=runtime.allow_private_targets()),
        remembered=EndpointMemory(core.merchants(), runtime.now),
        notices=notices,
        messenger=core.messenger(),
        now=runtime.now,
        entropy=runtime.entropy,
        interval_seconds=int(runtime.setting("WEBHOOK_RETRY_INTERVAL_SECONDS")),
        allow_private=runtime.allow_private_targets(),
        pause=runtime.pause,
        event_id=event_ids(),
    )
