"""The deliveries queue: what a message says, and the only timer a retry needs (its visibility)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.dynamodb import codec
from shared.domain.errors import Unavailable
from shared.domain.event import Event, EventType, Facts
from shared.domain.ids import EventId, MerchantId
from shared.domain.payment import PAYGLOBE, Environment
from shared.domain.record import dataclass
from shared.ports.webhooks import DeliveryTask, ReplayTask

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

BATCH: Final = 10
LONGEST_WAIT_SECONDS: Final = 43_200  # SQS's own limit
LARGEST_MESSAGE: Final = 24_000  # ten of them fit one call; a larger event is read from its table instead


@dataclass(frozen=True, slots=True)
class SqsQueue:
    """The port ``Queue``."""

    client: SQSClient
    url: str

    def send(self, tasks: Sequence[DeliveryTask | ReplayTask]) -> None:
        for start in range(0, len(tasks), BATCH):
            entries: list[Any] = [
                # The queue serves groups fairly: a flood in one lane does not delay the others.
                {"Id": str(n), "MessageBody": to_text(task), "MessageGroupId": _group(task)}
                for n, task in enumerate(tasks[start : start + BATCH])
            ]
            failed = self.client.send_message_batch(QueueUrl=self.url, Entries=entries).get("Failed")
            if failed:
                raise Unavailable("the deliveries queue took only a part")

    def read(self, body: str) -> DeliveryTask | ReplayTask:
        """The task in a message's body."""
        return from_text(body)

    def postpone(self, receipt: str, seconds: int) -> None:
        """Hand the message out again after ``seconds`` (at most 12 hours)."""
        postpone(self.client, self.url, receipt, seconds)


def postpone(client: SQSClient, url: str, receipt: str, seconds: int) -> None:
    """Hand a message out again after ``seconds`` (at most 12 hours)."""
    client.change_message_visibility(
        QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=min(seconds, LONGEST_WAIT_SECONDS)
    )


def to_text(task: DeliveryTask | ReplayTask) -> str:
    text = _to_text(task)
    if isinstance(task, DeliveryTask) and task.event is not None and len(text) > LARGEST_MESSAGE:
        return _to_text(replace(task, event=None))
    return text


def from_text(text: str) -> DeliveryTask | ReplayTask:
    """The task that ``to_text`` wrote; fields this code does not know are ignored."""
    message: dict[str, Any] = json.loads(text)
    owner = (MerchantId(message["merchantId"]), Environment(message["environment"]), message["endpointId"])
    if message["kind"] == "replay":
        return ReplayTask(*owner, _moment(message.get("since")), _moment(message.get("until")), message.get("cursor"))
    event = message.get("event")
    return DeliveryTask(
        *owner,
        event_id=message["eventId"],
        round=message.get("round", 0),
        event=None if event is None else _readable(event, *owner[:2]),
        endpoint_version=message.get("endpointVersion", 0),
        signer=message.get("signer", ""),
        sick=message.get("sick", False),
        sole=message.get("sole", False),
    )


def _group(task: DeliveryTask | ReplayTask) -> str:
    lane = task.lane if isinstance(task, DeliveryTask) else task.endpoint_id
    return f"{task.merchant_id}.{task.environment}.{lane}"[:128]


def _to_text(task: DeliveryTask | ReplayTask) -> str:
    message: dict[str, object] = {
        "kind": "delivery" if isinstance(task, DeliveryTask) else "replay",
        "merchantId": task.merchant_id,
        "environment": task.environment.value,
        "endpointId": task.endpoint_id,
    }
    if isinstance(task, ReplayTask):
        message |= {"since": _iso(task.since), "until": _iso(task.until), "cursor": task.cursor}
    else:
        message |= {"eventId": task.event_id, "round": task.round}
        if task.event is not None:
            message |= {
                "event": _event_message(task.event),
                "endpointVersion": task.endpoint_version,
                "signer": task.signer,
                "sick": task.sick,
                "sole": task.sole,
            }
    return json.dumps(message, separators=(",", ":"))


def _event_message(event: Event) -> dict[str, object]:
    return {
        "id": event.id,
        "type": event.type.value,
        "subject": event.subject,
        "sequence": event.sequence,
        "createdAt": event.created_at.isoformat(),
        "facts": codec.to_plain(event.facts),
        "notifyUrl": event.notify_url,
        "family": event.family,
    }


def _readable(message: dict[str, Any], merchant_id: MerchantId, environment: Environment) -> Event | None:
    """The event that was sent along; None for one of a later release, which the events' table has as well."""
    try:
        return _event(message, merchant_id, environment)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _event(message: dict[str, Any], merchant_id: MerchantId, environment: Environment) -> Event:
    return Event(
        id=EventId(message["id"]),
        type=EventType(message["type"]),
        merchant_id=merchant_id,
        environment=environment,
        subject=message["subject"],
        sequence=message["sequence"],
        created_at=datetime.fromisoformat(message["createdAt"]),
        facts=codec.from_plain(Facts, message["facts"]),
        notify_url=message["notifyUrl"],
        family=message.get("family", PAYGLOBE),
    )


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
