"""The deliveries table and its fake keep the same promises."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from shared.adapters.dynamodb.deliveries import DynamoDeliveries
from shared.adapters.dynamodb.events import DynamoEvents
from shared.domain import ids
from shared.domain.delivery import NOTIFY, Delivery, DeliveryStatus, Outcome, Schedule
from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.event import Event
from shared.domain.ids import EventId, MerchantId
from shared.ports.events import Events
from shared.ports.webhooks import Deliveries
from tests.contract.conftest import CLOUD, MOTO
from tests.webhook_fakes import SHOP, TEST, FakeDeliveries, FakeEvents, an_event
from tools.contract.routes import template

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
FAILED = Outcome(duration_ms=12, status_code=500, error="http_error", response_excerpt="no")


@dataclass(frozen=True, slots=True)
class Ground:
    deliveries: Deliveries
    events: Events


def _tables(client: Any, prefix: str) -> Ground:
    for name in ("DeliveriesTable", "EventsTable"):
        properties = template()["Resources"][name]["Properties"]
        keys = {key: properties[key] for key in ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")}
        client.create_table(TableName=f"{prefix}{name}", BillingMode="PAY_PER_REQUEST", **keys)
    deliveries = DynamoDeliveries(client, f"{prefix}DeliveriesTable", f"{prefix}EventsTable")
    return Ground(deliveries, DynamoEvents(client, f"{prefix}EventsTable"))


@pytest.fixture(params=["memory", MOTO, CLOUD])
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    if request.param == "memory":
        events = FakeEvents()
        yield Ground(FakeDeliveries(events), events)  # type: ignore[arg-type]  # a part of the port
    elif request.param == "cloud":
        yield _tables(request.getfixturevalue("cloud_dynamodb"), f"t{uuid.uuid4().hex[:12]}-")
    else:
        with mock_aws():
            yield _tables(boto3.client("dynamodb"), "")


def a_delivery(number: int = 1, **settings: Any) -> Delivery:
    event_id = EventId(ids.event_id(NOW + timedelta(seconds=number), bytes(10), f"TXN_{number}"))
    made = Delivery(SHOP, TEST, "we_one", event_id, "charge.refunded", "https://a.example/", NOW)
    return replace(made, **settings)


def stored(ground: Ground, delivery: Delivery) -> Delivery:
    return ground.deliveries.get(SHOP, TEST, delivery.endpoint_id, delivery.event_id)


def test_a_new_delivery_is_written_once_and_a_second_finds_the_first(ground: Ground) -> None:
    first = a_delivery().claimed(NOW)

    assert ground.deliveries.create(first) is None
    there = ground.deliveries.create(a_delivery())

    assert there == replace(first, version=1)
    assert stored(ground, first) == there


def test_creating_can_tell_in_the_same_write_that_the_event_was_fanned_out(ground: Ground) -> None:
    event: Event = an_event(NOW)
    ground.events.put(event)
    assert [e.id for e in ground.events.not_fanned_out(NOW + timedelta(hours=1), 10)] == [event.id]

    assert ground.deliveries.create(a_delivery(event_id=event.id), event) is None
    assert ground.events.not_fanned_out(NOW + timedelta(hours=1), 10) == []
    assert ground.deliveries.create(a_delivery(event_id=event.id), event) is not None


def test_a_write_on_an_old_version_returns_the_newer_delivery(ground: Ground) -> None:
    ground.deliveries.create(a_delivery())
    read = stored(ground, a_delivery())
    assert ground.deliveries.save(read.claimed(NOW)) is None

    newer = ground.deliveries.save(read.parked(NOW))

    assert newer is not None
    assert newer.version == 2
    assert newer.is_claimed(NOW)


def test_everything_about_an_attempt_comes_back(ground: Ground) -> None:
    ground.deliveries.create(a_delivery())
    tried = stored(ground, a_delivery()).attempted(FAILED, NOW, NOW, Schedule((300,)))

    ground.deliveries.save(tried)

    assert stored(ground, tried) == replace(tried, version=2)


def test_lists_are_newest_first_or_from_a_time_on_and_page_without_gaps(ground: Ground) -> None:
    made = [a_delivery(number) for number in range(1, 8)]
    for delivery in made:
        ground.deliveries.create(delivery)
    ground.deliveries.create(a_delivery(9, endpoint_id="we_other"))

    def pages(**more: Any) -> list[str]:
        found: list[str] = []
        cursor = None
        while True:
            page, cursor = ground.deliveries.of_endpoint(SHOP, TEST, "we_one", limit=3, cursor=cursor, **more)
            found += [delivery.event_id for delivery in page]
            if cursor is None:
                return found

    assert pages() == [delivery.event_id for delivery in reversed(made)]
    assert pages(since=NOW + timedelta(seconds=4)) == [delivery.event_id for delivery in made[3:]]


def test_a_foreign_cursor_is_refused(ground: Ground) -> None:
    if isinstance(ground.deliveries, FakeDeliveries):
        return  # a cursor is text of the real table's
    with pytest.raises(InvalidRequest):
        ground.deliveries.of_endpoint(SHOP, TEST, "we_one", limit=3, cursor="SLOT#x")


def test_open_deliveries_are_found_oldest_first_and_counted(ground: Ground) -> None:
    for number in range(1, 6):
        ground.deliveries.create(a_delivery(number))
    done = stored(ground, a_delivery(3))
    ground.deliveries.save(replace(done, status=DeliveryStatus.DELIVERED))

    found, cursor = ground.deliveries.open_of_endpoint(SHOP, TEST, "we_one", limit=3)
    rest, end = ground.deliveries.open_of_endpoint(SHOP, TEST, "we_one", limit=3, cursor=cursor)

    wanted = [a_delivery(number).event_id for number in (1, 2, 4, 5)]
    assert [delivery.event_id for delivery in found + rest] == wanted
    assert end is None
    assert ground.deliveries.count_open(done, 100) == 4
    assert ground.deliveries.count_open(done, 2) == 2


def test_what_is_due_is_found_and_what_is_over_is_not(ground: Ground) -> None:
    ground.deliveries.create(a_delivery(1).parked(NOW))
    ground.deliveries.create(a_delivery(2).parked(NOW + timedelta(minutes=5)))
    ground.deliveries.create(a_delivery(3))

    assert [delivery.event_id for delivery in ground.deliveries.due(NOW, 10)] == [a_delivery(1).event_id]

    later = NOW + timedelta(minutes=5)
    assert {d.event_id for d in ground.deliveries.due(later, 10)} == {a_delivery(n).event_id for n in (1, 2)}


def test_there_are_only_so_many_slots_and_each_is_free_again_in_the_end(ground: Ground) -> None:
    delivery, until = a_delivery(), NOW + timedelta(seconds=30)
    first = ground.deliveries.take_slot(delivery, 2, NOW, until)
    second = ground.deliveries.take_slot(delivery, 2, NOW, until)

    assert first is not None
    assert second is not None
    assert ground.deliveries.take_slot(delivery, 2, NOW, until) is None
    assert ground.deliveries.take_slot(a_delivery(endpoint_id="we_other"), 2, NOW, until) is not None
    ground.deliveries.free_slot(delivery, first)
    assert ground.deliveries.take_slot(delivery, 2, NOW, until) is not None
    assert ground.deliveries.take_slot(delivery, 2, until, until + timedelta(seconds=30)) is not None


def to(url: str, number: int) -> Delivery:
    return a_delivery(number, endpoint_id=NOTIFY, url=url)


def test_notify_urls_have_slots_and_are_counted_by_their_host(ground: Ground) -> None:
    first, same, other = to("https://a.example/1", 1), to("https://A.example/2", 2), to("https://b.example/1", 3)
    for delivery in (first, same, other):
        ground.deliveries.create(delivery)
    until = NOW + timedelta(seconds=30)

    assert [ground.deliveries.count_open(delivery, 100) for delivery in (first, same, other)] == [2, 2, 1]
    assert ground.deliveries.take_slot(first, 1, NOW, until) is not None
    assert ground.deliveries.take_slot(same, 1, NOW, until) is None
    assert ground.deliveries.take_slot(other, 1, NOW, until) is not None
    assert ground.deliveries.take_slot(replace(same, merchant_id=MerchantId("m_other")), 1, NOW, until) is not None


def test_deliveries_to_all_notify_urls_are_one_list(ground: Ground) -> None:
    made = [to("https://a.example/1", 1), to("https://b.example/1", 2)]
    for delivery in made:
        ground.deliveries.create(delivery)

    found, _ = ground.deliveries.of_endpoint(SHOP, TEST, NOTIFY, limit=10)

    assert [delivery.event_id for delivery in found] == [delivery.event_id for delivery in reversed(made)]


def test_a_slot_that_somebody_else_took_over_is_not_freed(ground: Ground) -> None:
    if isinstance(ground.deliveries, FakeDeliveries):
        return  # one thread, one holder
    delivery, until = a_delivery(), NOW + timedelta(seconds=30)
    late = ground.deliveries.take_slot(delivery, 1, NOW, until)
    assert late is not None
    assert ground.deliveries.take_slot(delivery, 1, until, until + timedelta(seconds=30)) is not None

    ground.deliveries.free_slot(delivery, late)

    assert ground.deliveries.take_slot(delivery, 1, until, until + timedelta(seconds=30)) is None


def test_nobody_finds_what_was_never_there(ground: Ground) -> None:
    with pytest.raises(NotFound):
        stored(ground, a_delivery())


@pytest.mark.cloud
def test_of_sixteen_workers_one_gets_the_claim(request: pytest.FixtureRequest) -> None:
    ground = _tables(request.getfixturevalue("cloud_dynamodb"), f"t{uuid.uuid4().hex[:12]}-")
    won: list[int] = []

    def claim(number: int) -> None:
        if ground.deliveries.create(a_delivery().claimed(NOW)) is None:
            won.append(number)

    threads = [threading.Thread(target=claim, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1


def test_the_deliveries_of_some_events_are_found_newest_first_however_many(ground: Ground) -> None:
    made = [a_delivery(number, endpoint_id=to) for number in range(40) for to in ("we_one", NOTIFY)]
    for delivery in made:
        assert ground.deliveries.create(delivery) is None
    wanted = [delivery.event_id for delivery in made[10:]]

    found = ground.deliveries.of_events(SHOP, TEST, ["we_one", NOTIFY, "we_gone"], list(dict.fromkeys(wanted)))

    assert [delivery.event_id for delivery in found] == wanted[::-1]
    assert ground.deliveries.of_events(SHOP, TEST, ["we_one"], []) == []
