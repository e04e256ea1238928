"""When a delivery is tried again, and when no more."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.delivery import (
    Delivery,
    DeliveryStatus,
    Outcome,
    Schedule,
    delivery_id,
    parts_of,
    retry_after,
)
from shared.domain.ids import EventId
from tests.webhook_fakes import SHOP, TEST

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
TEN = Schedule((300,) * 9)
FAILED = Outcome(duration_ms=5, status_code=500, error="http_error")
NEW = Delivery(SHOP, TEST, "we_one", EventId("evt_00ff"), "payment_intent.succeeded", "https://a.example/", NOW)


def test_ten_attempts_are_made_five_minutes_apart_and_no_more() -> None:
    delivery, moment, times = NEW, NOW, []
    while delivery.is_open:
        times.append(moment)
        delivery = delivery.attempted(FAILED, moment, moment, TEN)
        moment = delivery.next_attempt_at or moment

    assert delivery.status is DeliveryStatus.EXHAUSTED
    assert len(times) == 10
    assert {later - earlier for earlier, later in itertools.pairwise(times)} == {timedelta(minutes=5)}


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_ends_it(status: int) -> None:
    delivery = NEW.attempted(Outcome(duration_ms=5, status_code=status), NOW, NOW, TEN)

    assert delivery.status is DeliveryStatus.DELIVERED
    assert delivery.next_attempt_at is None
    assert delivery.due_at is None


@pytest.mark.parametrize("status", [100, 199, 300, 301, 302, 307, 400, 404, 429, 500])
def test_everything_else_is_a_failure(status: int) -> None:
    delivery = NEW.attempted(Outcome(duration_ms=5, status_code=status, error="http_error"), NOW, NOW, TEN)

    assert delivery.status is DeliveryStatus.RETRYING


@pytest.mark.parametrize(("asked", "seconds"), [(None, 300), (1, 300), (900, 900), (10**8, 3600), (-5, 300)], ids=str)
def test_a_receiver_may_slow_us_down_within_an_hour_and_never_speed_us_up(asked: int | None, seconds: int) -> None:
    delivery = NEW.attempted(replace(FAILED, retry_after_seconds=asked), NOW, NOW, TEN)

    assert delivery.next_attempt_at == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Sat, 21 Nov 2026 10:02:00 GMT", 120),
        ("Sat, 21 Nov 2026 09:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        ("-1", None),
        ("9" * 400, None),
        ("٣", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str, seconds: int | None) -> None:
    assert retry_after({"retry-after": header}, NOW) == seconds


def test_a_late_failure_does_not_undo_a_delivery() -> None:
    delivered = NEW.attempted(Outcome(duration_ms=5, status_code=200), NOW, NOW, TEN)

    again = delivered.attempted(FAILED, NOW, NOW, TEN)

    assert again.status is DeliveryStatus.DELIVERED
    assert again.next_attempt_at is None


def test_only_the_latest_attempts_are_kept() -> None:
    delivery = NEW
    for _ in range(80):
        delivery = delivery.attempted(FAILED, NOW, NOW, Schedule((1,), endless=True))

    assert len(delivery.attempts) == 50
    assert delivery.tried == 80


def test_an_endless_schedule_repeats_its_last_wait() -> None:
    schedule = Schedule((60, 300), endless=True)

    assert [schedule.wait(n) for n in (1, 2, 3, 99)] == [60, 300, 300, 300]


@pytest.mark.parametrize("endpoint", ["we_abc", "notify"])
def test_a_delivery_is_found_by_its_id_alone(endpoint: str) -> None:
    assert parts_of(delivery_id(endpoint, "evt_00ff")) == (endpoint, "evt_00ff")


@pytest.mark.parametrize("text", ["", "dlv_", "dlv_x", "dlv__y", "evt_a_b", "dlv_a#b_c", "dlv_x_"])
def test_what_is_no_delivery_id_by_form_is_none(text: str) -> None:
    assert parts_of(text) is None
