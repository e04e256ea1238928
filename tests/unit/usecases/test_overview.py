"""Which events add what to a merchant's figures, and into which of its days they fall."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.event import Event, EventType, Facts, RefundFacts
from shared.domain.figures import Figures, HourOf, figures_of
from shared.domain.ids import EventId, RefundId
from shared.domain.operation import Kind
from shared.domain.payment import Status
from shared.domain.refund import RefundStatus
from shared.usecases.merchant.overview import overview
from shared.usecases.payment.facts import payment_facts
from tools.testing.builders import a_credential, a_payment, an_event, euro
from tools.testing.fakes import NOON, FakeFigures


def told(kind: EventType, status: Status, refund: RefundFacts | None = None, **facts: Any) -> Event:
    payment = payment_facts(a_payment(status=status), Kind.CAPTURE, NOON)
    return replace(an_event(), type=kind, facts=Facts(replace(payment, **facts), refund))


def added(event: Event) -> Figures | None:
    found = figures_of(event)
    return None if found is None else found.figures


def test_a_payment_adds_what_was_really_taken_and_what_vouchers_paid() -> None:
    whole = told(EventType.PAID, Status.SUCCESS, amount=euro(150_00), captured=euro(100_00), spent=euro(50_00))
    part = told(EventType.PAID, Status.SUCCESS, amount=euro(150_00), captured=euro(20_00), spent=euro(0))
    vouchers = told(EventType.PAID, Status.SUCCESS, amount=euro(50_00), captured=euro(0), spent=euro(50_00))

    assert added(whole) == Figures(paid=1, gross=150_00, vouchers=50_00)
    assert added(part) == Figures(paid=1, gross=20_00)
    assert added(vouchers) == Figures(paid=1, gross=50_00, vouchers=50_00)


def test_a_refund_adds_what_went_back() -> None:
    refund = RefundFacts(RefundId("ref_1"), euro(30_00), euro(40_00), euro(0))

    assert added(told(EventType.REFUNDED, Status.PARTIALLY_REFUNDED, refund)) == Figures(refunds=1, refunded=30_00)


def test_a_refund_that_arrives_in_parts_is_one_refund() -> None:
    part = RefundFacts(RefundId("ref_1"), euro(30_00), euro(30_00), euro(0), status=RefundStatus.PENDING)
    rest = RefundFacts(RefundId("ref_1"), euro(10_00), euro(40_00), euro(0), continued=True)

    found = [added(told(EventType.REFUNDED, Status.PARTIALLY_REFUNDED, refund)) for refund in (part, rest)]

    assert found == [Figures(refunds=1, refunded=30_00), Figures(refunded=10_00)]


def test_what_a_bank_sends_back_of_an_accepted_charge_is_no_decline_and_no_refund() -> None:
    gone = told(EventType.FAILED, Status.SUCCESS, captured=euro(100_00), spent=euro(50_00))
    refunded_before = told(EventType.FAILED, Status.REFUNDED, captured=euro(100_00))

    assert added(gone) == added(refunded_before) == Figures(returned=100_00)


def test_the_end_of_an_unpaid_payment_counts_and_a_declined_try_of_one_does_not() -> None:
    assert added(told(EventType.FAILED, Status.FAILED, declined=True)) == Figures(declined=1)
    assert added(told(EventType.FAILED, Status.FAILED)) == Figures(given_up=1)
    assert added(told(EventType.FAILED, Status.CARD_PREAUTH_FAILED, declined=True)) is None


@pytest.mark.parametrize("kind", [EventType.PREAUTHORISED, EventType.CHECKOUT_ENDED, EventType.VOUCHERS_SPENT])
def test_what_another_event_counts_is_not_counted_twice(kind: EventType) -> None:
    assert added(told(kind, Status.SUCCESS)) is None


def test_the_rate_is_of_those_whose_card_was_asked() -> None:
    assert Figures(paid=2, declined=1, given_up=7).success_rate == Decimal("0.6667")
    assert Figures(given_up=7).success_rate is None


def test_days_are_those_of_the_merchants_own_clocks() -> None:
    figures, caller = FakeFigures(), a_credential()
    late = datetime(2026, 3, 1, 23, tzinfo=UTC)  # the second of March in Rome
    for number, hour in enumerate((late, late - timedelta(hours=1), late - timedelta(days=40))):
        event = replace(an_event(), id=EventId(f"evt_{number}"), merchant_id=caller.merchant.id)
        figures.add(event, HourOf(hour, "EUR", Figures(paid=1, gross=10)), hour)

    found = overview(caller, 30, late + timedelta(hours=1), figures=figures)

    assert found.days[-1] == date(2026, 3, 2)
    assert len(found.days) == 30
    assert {day: each.paid for day, each in found.by_currency["EUR"].items()} == {
        date(2026, 3, 2): 1,
        date(2026, 3, 1): 1,
    }
    assert found.over("EUR", 1).paid == 1
    assert found.over("EUR", 30).gross == 20
