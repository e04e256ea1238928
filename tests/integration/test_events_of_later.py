"""Events that a later release told and this one cannot read, after going back: passed over, and left for that one."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws
from samtranslator.yaml_helper import yaml_parse

from shared.adapters import aws
from shared.adapters.dynamodb import events as outbox
from shared.adapters.dynamodb.events import to_item
from shared.adapters.sqs import to_text
from shared.bootstrap import core
from shared.domain.event import Event
from shared.domain.ids import MerchantId
from shared.ports.webhooks import DeliveryTask
from shared.usecases.webhook.deliver import FOR_LATER_RELEASE, MOST_RECEIVES
from tests.storage import Storage, create_tables, in_dynamodb
from tests.webhook_fakes import an_event as a_told_event
from tools.local.deploy import ROOT
from tools.testing.builders import MERCHANT, TEST, an_event
from tools.testing.fakes import NOON
from tools.testing.resources import Context

LATER = NOON + timedelta(minutes=5)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
DEMO = MerchantId("m_demo")
UNREAD = [{"type": "SOMETHING_NEW"}, {"facts": '{"payment":{"mode":"SOMETHING_NEW"}}'}]


@pytest.fixture
def database() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("dynamodb")
        create_tables(client)
        yield client


@pytest.fixture
def storage(database: Any) -> Storage:
    return in_dynamodb(database)


def of_later(client: Any, table: str, event: Event, changed: dict[str, str]) -> None:
    """The event as a release wrote it that knows more words."""
    client.put_item(TableName=table, Item=to_item(event) | {name: {"S": value} for name, value in changed.items()})


def at(seconds: int) -> Event:
    return an_event(created_at=NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize("changed", UNREAD, ids=["a new type", "a new word in its facts"])
def test_a_list_goes_on_behind_more_events_of_later_than_are_asked_for(
    database: Any, storage: Storage, changed: dict[str, str]
) -> None:
    known = [at(0), at(10), at(20)]
    for event in known:
        storage.events.put(event)
    for seconds in range(1, 8):
        of_later(database, "EventsTable", at(seconds), changed)

    def after(event_id: str | None, limit: int) -> list[Event]:
        return storage.events.after(MERCHANT, TEST, event_id, until=LATER, limit=limit)

    assert after(None, 2) == known[:2]
    assert after(known[0].id, 2) == known[1:]
    assert after(known[0].id, 1) == [known[1]]
    assert after(None, 100) == known


@pytest.mark.parametrize("changed", UNREAD, ids=["a new type", "a new word in its facts"])
def test_what_nobody_told_is_found_behind_more_events_of_later_than_are_asked_for(
    database: Any, storage: Storage, changed: dict[str, str]
) -> None:
    for seconds in range(1, 8):
        of_later(database, "EventsTable", at(seconds), changed)
    known = [at(10), at(20)]
    for event in known:
        storage.events.put(event)

    assert storage.events.not_fanned_out(LATER, 2) == known
    assert storage.events.not_fanned_out(LATER, 1) == known[:1]
    storage.events.mark_fanned_out(known[0], LATER)
    assert storage.events.not_fanned_out(LATER, 2) == known[1:]


def test_the_stream_tells_what_comes_beside_an_event_of_later_and_leaves_that_to_be_told(
    stack: dict[str, str],
) -> None:
    later, known = (a_told_event(LONG_AGO, number, merchant_id=DEMO) for number in (1, 2))
    client = boto3.client("dynamodb")
    of_later(client, stack["EVENTS_TABLE"], later, UNREAD[0])
    core.events().put(known)
    images = [to_item(later) | {"type": {"S": "SOMETHING_NEW"}}, to_item(known)]
    records = [{"eventName": "INSERT", "dynamodb": {"NewImage": image}} for image in images]

    for name in ("webhook.fan_out", "payment.receipt"):
        importlib.import_module(f"functions.{name}").handler({"Records": records}, Context())
    swept = importlib.import_module("functions.webhook.requeue").handler({}, Context())

    assert swept == {"deliveries": 0, "events": 0}
    assert core.events().not_fanned_out(datetime.now(UTC), 10) == []
    items = client.scan(TableName=stack["EVENTS_TABLE"])["Items"]
    assert {item["sk"]["S"]: outbox.was_fanned_out(item) for item in items} == {later.id: False, known.id: True}


class Queue:
    """The deliveries queue as its function is called with it; ``waits`` are the seconds that it was told to."""

    def __init__(self, url: str) -> None:
        self.url, self.waits = url, list[int]()
        aws.client("sqs").meta.events.register("provide-client-params.sqs.ChangeMessageVisibility", self._told)

    def _told(self, params: dict[str, Any], **_: object) -> None:
        self.waits.append(params["VisibilityTimeout"])

    def brings(self, task: DeliveryTask, said: dict[str, object]) -> list[dict[str, str]]:
        """What the function keeps of one message, which a later release may have written in words of its own."""
        message = json.loads(to_text(task))
        if task.event is not None:
            message["event"] |= said
        client = boto3.client("sqs")
        client.send_message(QueueUrl=self.url, MessageBody=json.dumps(message), MessageGroupId="one")
        (got,) = client.receive_message(QueueUrl=self.url, AttributeNames=["ApproximateReceiveCount"])["Messages"]
        record = {f"{name[0].lower()}{name[1:]}": value for name, value in got.items()}
        deliver = importlib.import_module("functions.webhook.deliver").handler
        return list(deliver({"Records": [record]}, Context())["batchItemFailures"])


@pytest.mark.parametrize("sent_along", [True, False], ids=["the message has the event", "the message names it"])
@pytest.mark.parametrize(
    "said", [{"type": "SOMETHING_NEW"}, {"facts": {"payment": {"mode": "SOMETHING_NEW"}}}], ids=["a type", "a word"]
)
def test_a_webhook_of_later_waits_in_its_queue_until_that_release_is_back(
    stack: dict[str, str], sent_along: bool, said: dict[str, object]
) -> None:
    event = a_told_event(LONG_AGO, 1, merchant_id=DEMO)
    client = boto3.client("dynamodb")
    of_later(client, stack["EVENTS_TABLE"], event, UNREAD[0])
    queue = Queue(stack["DELIVERIES_QUEUE_URL"])
    task = DeliveryTask(DEMO, event.environment, "we_gone", event.id, event=event if sent_along else None)

    assert len(queue.brings(task, said)) == 1
    assert queue.waits == [int(FOR_LATER_RELEASE.total_seconds())]

    core.events().put(event)
    assert queue.brings(task, {}) == []
    assert len(queue.waits) == 1


def test_a_webhook_of_later_is_not_taken_for_a_fault_as_long_as_its_queue_keeps_it() -> None:
    resources = yaml_parse((ROOT / "template.yaml").read_text())["Resources"]
    queue = resources["DeliveriesQueue"]["Properties"]

    tries = queue["MessageRetentionPeriod"] / FOR_LATER_RELEASE.total_seconds()

    assert tries < MOST_RECEIVES < queue["RedrivePolicy"]["maxReceiveCount"]


def test_a_receipt_of_later_is_tried_ever_more_rarely_and_sent_by_that_release(stack: dict[str, str]) -> None:
    event = a_told_event(LONG_AGO, 1, merchant_id=DEMO)
    of_later(boto3.client("dynamodb"), stack["EVENTS_TABLE"], event, UNREAD[0])
    again = importlib.import_module("functions.payment.receipt")._again
    body = json.dumps({"merchantId": DEMO, "environment": event.environment, "eventId": event.id})

    assert [again(body, receives) for receives in (1, 2, 3)] == [60, 120, 240]

    core.events().put(event)
    assert again(body, 4) is None
