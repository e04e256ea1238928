"""The webhook functions over the template's tables and queue: what they cost in AWS calls, and their own plumbing."""

from __future__ import annotations

import importlib
import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from shared.adapters import aws
from shared.adapters.dynamodb.events import to_item
from shared.bootstrap import core, runtime, webhooks
from shared.domain.delivery import DeliveryStatus
from shared.domain.ids import MerchantId
from shared.domain.merchant import Credential, KeyKind
from shared.families.registry import NOTICES
from shared.usecases.webhook.manage_endpoints import EndpointSettings, create_endpoint
from tests.receiver import Receiver
from tests.webhook_fakes import TEST, an_event
from tools.testing.builders import an_account
from tools.testing.resources import Context

DEMO = MerchantId("m_demo")


class Engine:
    """Fan-out and delivery as the stream and the queue would call them, with their AWS calls counted."""

    def __init__(self, queue_url: str) -> None:
        self.queue_url = queue_url
        self.calls: list[str] = []
        self.sqs: Any = boto3.client("sqs")
        for service in ("dynamodb", "sqs"):
            aws.client(service).meta.events.register("before-call.*.*", self._count)

    def _count(self, model: Any, **_: object) -> None:
        self.calls.append(model.name)

    def happens(self, notify_url: str | None = None) -> str:
        now = datetime.now(UTC)
        event = an_event(now, uuid.uuid4().int >> 56, merchant_id=DEMO, notify_url=notify_url)
        core.events().put(event)
        self.calls.clear()
        record = {"eventName": "INSERT", "dynamodb": {"NewImage": to_item(event)}}
        importlib.import_module("functions.webhook.fan_out").handler({"Records": [record]}, Context())
        return event.id

    def deliver(self) -> dict[str, Any]:
        received = self.sqs.receive_message(
            QueueUrl=self.queue_url, MaxNumberOfMessages=10, AttributeNames=["ApproximateReceiveCount"]
        ).get("Messages", [])
        records = [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
            }
            for message in received
        ]
        answer = importlib.import_module("functions.webhook.deliver").handler({"Records": records}, Context())
        kept = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for record in records:
            if record["messageId"] not in kept:
                self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=record["receiptHandle"])
        return dict(answer)

    def waiting(self) -> tuple[int, int]:
        """Messages in the queue: visible, and in flight."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=self.queue_url, AttributeNames=names)["Attributes"]
        return int(found[names[0]]), int(found[names[1]])


@pytest.fixture
def engine(stack: dict[str, str]) -> Engine:
    return Engine(stack["DELIVERIES_QUEUE_URL"])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        yield server


def an_endpoint(receiver: Receiver, path: str = "/hook") -> str:
    world = webhooks.webhook_world(NOTICES)
    credential = Credential(core.merchants().get(DEMO), TEST, KeyKind.SECRET, an_account())
    made = create_endpoint(
        credential, EndpointSettings(url=receiver.url(path)), world=world, seed=runtime.entropy(64)
    )
    return made.id


def test_a_delivered_event_costs_four_calls_once_the_worker_is_warm(engine: Engine, receiver: Receiver) -> None:
    an_endpoint(receiver)
    engine.happens()
    engine.deliver()

    engine.happens()
    engine.deliver()

    assert engine.calls == ["Query", "SendMessageBatch", "TransactWriteItems", "PutItem"]
    assert len(receiver.of("/hook")) == 2


def test_a_notify_url_costs_no_more(engine: Engine, receiver: Receiver) -> None:
    engine.happens(receiver.url("/notify"))
    engine.deliver()

    engine.happens(receiver.url("/notify"))
    engine.deliver()

    assert len(engine.calls) <= 4, engine.calls


def test_two_deliveries_of_one_event_share_the_fan_out(engine: Engine, receiver: Receiver) -> None:
    an_endpoint(receiver)
    engine.happens(receiver.url("/notify"))
    engine.deliver()

    engine.happens(receiver.url("/notify"))
    engine.deliver()

    assert len(engine.calls) <= 8, engine.calls
    assert len(receiver.received) == 4


def test_a_failed_attempt_keeps_its_message_invisible_until_the_next_one(engine: Engine, receiver: Receiver) -> None:
    endpoint_id = an_endpoint(receiver)
    receiver.answer = lambda request, before: 500
    event_id = engine.happens()

    answer = engine.deliver()

    assert len(answer["batchItemFailures"]) == 1
    assert engine.waiting() == (0, 1)
    delivery = webhooks.deliveries().get(DEMO, TEST, endpoint_id, event_id)
    assert delivery.status is DeliveryStatus.RETRYING
    assert "ChangeMessageVisibility" in engine.calls


def test_a_message_we_cannot_read_is_kept_and_stops_no_other(engine: Engine, receiver: Receiver) -> None:
    an_endpoint(receiver)
    engine.sqs.send_message(QueueUrl=engine.queue_url, MessageBody="{not json")
    engine.happens()

    answer = engine.deliver()

    assert len(answer["batchItemFailures"]) == 1
    assert len(receiver.of("/hook")) == 1


def test_the_fan_out_raises_when_the_queue_takes_only_a_part(
    engine: Engine, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shared.domain.errors import Unavailable

    an_endpoint(receiver)
    client = webhooks.deliveries_queue().client
    monkeypatch.setattr(client, "send_message_batch", lambda **_: {"Failed": [{"Id": "0"}]})

    with pytest.raises(Unavailable):
        engine.happens()


def test_no_message_and_no_delivery_holds_a_secret(engine: Engine, receiver: Receiver, stack: dict[str, str]) -> None:
    an_endpoint(receiver)
    engine.happens(receiver.url("/notify"))
    queued = engine.sqs.receive_message(QueueUrl=engine.queue_url, MaxNumberOfMessages=10, VisibilityTimeout=0)

    engine.deliver()

    items = boto3.client("dynamodb").scan(TableName=stack["DELIVERIES_TABLE"])["Items"]
    assert "whsec_" not in json.dumps([queued["Messages"], items])


def test_a_minute_of_housekeeping_brings_back_what_was_lost(engine: Engine, receiver: Receiver) -> None:
    an_endpoint(receiver)
    long_ago = an_event(datetime(2026, 1, 1, tzinfo=UTC), merchant_id=DEMO)
    core.events().put(long_ago)

    swept = importlib.import_module("functions.webhook.requeue").handler({}, Context())
    engine.deliver()

    assert swept == {"deliveries": 0, "events": 1}
    assert receiver.of("/hook")[0].json["id"] == long_ago.id
