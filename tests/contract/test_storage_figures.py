"""What the port ``MerchantFigures`` promises: each event adds once, however often and by however many it is told."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.domain.event import Event
from shared.domain.figures import Figures, HourOf
from shared.domain.ids import EventId, MerchantId
from shared.domain.payment import Environment
from tests.storage import Storage
from tools.testing.builders import MERCHANT, TEST, an_event
from tools.testing.fakes import NOON

SOLD = Figures(paid=1, gross=150_00, vouchers=50_00)


def told(number: int, **settings: Any) -> Event:
    return replace(an_event(), id=EventId(f"evt_{number:032x}"), **settings)


def in_euro(figures: Figures, hours: int = 0) -> HourOf:
    return HourOf(NOON + timedelta(hours=hours), "EUR", figures)


def total(storage: Storage, hours: int = 0) -> Figures:
    found = storage.figures.since(MERCHANT, TEST, NOON + timedelta(hours=hours))
    return sum((each.figures for each in found if each.currency == "EUR"), Figures())


def test_what_is_told_again_is_added_once(storage: Storage) -> None:
    assert storage.figures.add(told(1), in_euro(SOLD), NOON)
    assert not storage.figures.add(told(1), in_euro(SOLD), NOON)
    assert storage.figures.add(told(2), in_euro(Figures(refunds=1, refunded=30_00)), NOON)

    assert total(storage) == Figures(1, 150_00, 50_00, 1, 30_00)


def test_hours_and_currencies_are_kept_apart_and_found_from_an_hour_on(storage: Storage) -> None:
    for number, hours in enumerate((0, 0, 1, 25)):
        storage.figures.add(told(number), in_euro(SOLD, hours), NOON)
    storage.figures.add(told(9), HourOf(NOON, "JPY", SOLD), NOON)

    assert total(storage).paid == 4
    assert total(storage, 1).paid == 2
    assert total(storage, 2).paid == 1
    found = storage.figures.since(MERCHANT, TEST, NOON + timedelta(minutes=59))
    assert {each.currency for each in found} == {"EUR", "JPY"}


def test_what_is_given_back_is_taken_off_and_may_be_more_than_there_was(storage: Storage) -> None:
    for number, minor in enumerate((50_00, -50_00, -20_00)):
        storage.figures.add(told(number), in_euro(Figures(lost=minor)), NOON)

    assert total(storage).lost == -20_00


def test_sums_by_issuer_are_added_up_and_kept_apart(storage: Storage) -> None:
    by = replace(in_euro(SOLD), spent={"edenred": 30_00, "sand-box.2": 20_00}, returned={"edenred": 5_00})
    for number in range(3):
        storage.figures.add(told(number), by, NOON)

    found = storage.figures.since(MERCHANT, TEST, NOON)
    assert sum(each.spent.get("edenred", 0) for each in found) == 90_00
    assert sum(each.spent.get("sand-box.2", 0) for each in found) == 60_00
    assert sum(each.returned.get("edenred", 0) for each in found) == 15_00
    assert total(storage).paid == 3


def test_another_merchant_and_environment_are_counted_apart(storage: Storage) -> None:
    storage.figures.add(told(1, merchant_id=MerchantId("m_other")), in_euro(SOLD), NOON)
    storage.figures.add(told(2, environment=Environment.LIVE), in_euro(SOLD), NOON)

    assert total(storage) == Figures()


def test_of_many_at_once_each_event_is_added_once(shared_storage: Storage) -> None:
    def add(number: int) -> None:
        shared_storage.figures.add(told(number % 8), in_euro(SOLD), NOON)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert total(shared_storage).paid == 8
