"""Events that a later release told and this one cannot read, after going back: passed over, and left for that one."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from shared.adapters.dynamodb import events as outbox
from shared.adapters.dynamodb.events import to_item
from shared.bootstrap import core
from shared.domain.event import Event
from shared.domain.ids import MerchantId
from tests.storage import Storage, create_tables, in_dynamodb
from tests.webhook_fakes import an_event as a_told_event
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
