"""What v0.2.0 wrote lies in one partition, and is found, listed, changed and marked like what is written now."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from shared.adapters.dynamodb import events as outbox
from shared.adapters.dynamodb.as_before import write_as_before
from shared.adapters.dynamodb.deliveries import DynamoDeliveries
from shared.domain import ids
from shared.domain.delivery import Delivery
from shared.domain.event import Event
from shared.domain.ids import EventId
from shared.ports.payments import Change
from tests.storage import Storage, create_tables, in_dynamodb
from tools.contract.routes import template
from tools.testing.builders import MERCHANT, TEST, a_payment, an_event
from tools.testing.fakes import NOON
from tools.testing.resources import create_table

LATER = NOON + timedelta(minutes=5)
OWNER = f"{MERCHANT}#{TEST}"


@pytest.fixture
def database() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("dynamodb")
        create_tables(client)
        create_table(client, "DeliveriesTable", template()["Resources"]["DeliveriesTable"]["Properties"])
        yield client


@pytest.fixture
def storage(database: Any) -> Storage:
    return in_dynamodb(database)


@pytest.fixture
def deliveries(database: Any) -> DynamoDeliveries:
    return DynamoDeliveries(database, "DeliveriesTable", "EventsTable")


def rewritten(database: Any, table: str, **attributes: str) -> None:
    """The one item of a table that is there, as v0.2.0 wrote it: with these attributes, without the new ones."""
    (item,) = database.scan(TableName=table)["Items"]
    database.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
    kept = {name: value for name, value in item.items() if name not in ("listedFor", "unfannedIn")}
    database.put_item(TableName=table, Item=kept | {name: {"S": value} for name, value in attributes.items()})


def an_old_id() -> EventId:
    return EventId(ids.event_bound(NOON, secrets.token_bytes(10)))


def an_old_event(database: Any, storage: Storage) -> Event:
    event = an_event(id=an_old_id())
    storage.events.put(event)
    rewritten(database, "EventsTable", pk=OWNER, unfanned="1")
    return event


def an_old_delivery(database: Any, deliveries: DynamoDeliveries) -> Delivery:
    delivery = Delivery(MERCHANT, TEST, "we_one", an_old_id(), "charge.refunded", "https://a.example/", NOON)
    assert deliveries.create(replace(delivery, due_at=NOON)) is None
    rewritten(database, "DeliveriesTable", pk=f"{OWNER}#we_one", dueShard="5")
    return deliveries.get(MERCHANT, TEST, "we_one", delivery.event_id)


def test_an_event_of_before_is_read_listed_and_found_until_it_is_marked(database: Any, storage: Storage) -> None:
    old = an_old_event(database, storage)
    new = an_event(created_at=NOON + timedelta(seconds=1))
    storage.events.put(new)

    assert storage.events.get(MERCHANT, TEST, old.id) == old
    assert storage.events.after(MERCHANT, TEST, None, until=LATER, limit=10) == [old, new]
    assert storage.events.not_fanned_out(LATER, 10) == [old, new]
    storage.events.mark_fanned_out(old, LATER)
    assert storage.events.not_fanned_out(LATER, 10) == [new]


def test_an_event_of_before_is_read_from_the_stream(database: Any, storage: Storage) -> None:
    old = an_old_event(database, storage)

    (item,) = database.scan(TableName="EventsTable")["Items"]

    assert outbox.from_item(item) == old


def test_a_delivery_of_before_is_found_listed_and_saved_where_it_lies(
    database: Any, deliveries: DynamoDeliveries
) -> None:
    old = an_old_delivery(database, deliveries)

    assert deliveries.due(NOON, 10) == [old]
    assert deliveries.of_endpoint(MERCHANT, TEST, "we_one", limit=10) == ([old], None)
    assert deliveries.open_of_endpoint(MERCHANT, TEST, "we_one", limit=10) == ([old], None)
    assert deliveries.save(old.claimed(NOON)) is None
    assert len(database.scan(TableName="DeliveriesTable")["Items"]) == 1


def test_a_payment_of_before_is_due_and_listed_and_listed_once_after_its_next_change(
    database: Any, storage: Storage
) -> None:
    payment = a_payment(due_at=NOON)
    assert storage.payments.create(Change(payment)) is None
    rewritten(database, "PaymentsTable", merchantEnv=OWNER, dueShard="due")
    newer = a_payment(created_at=NOON + timedelta(seconds=1))
    assert storage.payments.create(Change(newer)) is None

    assert storage.payments.due(NOON, 10) == [payment.id]
    assert listed(storage) == [newer.id, payment.id]
    assert paged(storage) == [newer.id, payment.id]

    assert storage.payments.save(Change(storage.payments.get(payment.id))) is None
    assert listed(storage) == [newer.id, payment.id]


def listed(storage: Storage) -> list[str]:
    found, cursor = storage.payments.of_merchant(MERCHANT, TEST, limit=10, cursor=None)
    assert cursor is None
    return [payment.id for payment in found]


def paged(storage: Storage) -> list[str]:
    """The same by pages of one."""
    seen: list[str] = []
    cursor: str | None = None
    while True:
        found, cursor = storage.payments.of_merchant(MERCHANT, TEST, limit=1, cursor=cursor)
        seen += [payment.id for payment in found]
        if cursor is None:
            return seen


def test_what_is_written_while_the_release_before_may_come_back_lies_where_that_looks(database: Any) -> None:
    write_as_before(database, "DeliveriesTable")
    storage, deliveries = in_dynamodb(database), DynamoDeliveries(database, "DeliveriesTable", "EventsTable")
    event = an_event(id=ids.event_id_of_before(NOON, secrets.token_bytes(10), "TXN_1"))
    payment = a_payment(due_at=NOON)

    assert storage.payments.create(Change(payment, (event,))) is None
    delivery = Delivery(MERCHANT, TEST, "we_one", event.id, "charge.refunded", "https://a.example/", NOON)
    assert deliveries.create(replace(delivery, due_at=NOON)) is None

    assert in_index(database, "PaymentsTable", "due", "dueShard", "due") == [payment.id]
    assert in_index(database, "PaymentsTable", "merchant", "merchantEnv", OWNER) == [payment.id]
    assert in_index(database, "EventsTable", "unfanned", "unfanned", "1") == [OWNER]
    places = [in_index(database, "DeliveriesTable", "due", "dueShard", str(place)) for place in range(8)]
    assert [found for found in places if found] == [[f"{OWNER}#we_one"]]


def test_what_lies_in_both_places_is_found_once(database: Any) -> None:
    write_as_before(database, "DeliveriesTable")
    storage = in_dynamodb(database)
    events = [an_event(id=ids.event_id_of_before(NOON, secrets.token_bytes(10), "TXN_1")) for _ in range(3)]
    payments = [a_payment(created_at=NOON + timedelta(seconds=second)) for second in range(3)]
    for payment, event in zip(payments, events, strict=True):
        assert storage.payments.create(Change(payment, (event,))) is None

    newest_first = [payment.id for payment in reversed(payments)]
    assert (listed(storage), paged(storage)) == (newest_first, newest_first)
    assert storage.events.not_fanned_out(LATER, 10) == sorted(events, key=lambda event: event.id)
    storage.events.mark_fanned_out(events[0], LATER)
    assert len(storage.events.not_fanned_out(LATER, 10)) == 2


def in_index(database: Any, table: str, index: str, name: str, key: str) -> list[str]:
    """The keys that v0.2.0's own question to an index brings."""
    asked: dict[str, Any] = {"KeyConditionExpression": "#key = :key", "ExpressionAttributeNames": {"#key": name}}
    found = database.query(TableName=table, IndexName=index, **asked, ExpressionAttributeValues={":key": {"S": key}})
    return [item["pk"]["S"] for item in found["Items"]]
