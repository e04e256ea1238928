"""A month's statement: every part of the money once, on the merchant's own days, and nothing of another month."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from shared.domain.event import Event, EventType, RefundFacts, VoucherFacts
from shared.domain.figures import Figures, HourOf, figures_of
from shared.domain.ids import EventId, RefundId
from shared.domain.payment import Mode, Status
from shared.usecases.merchant.statement import statement
from tests.unit.usecases.test_overview import told
from tools.testing.builders import a_credential, an_event, euro
from tools.testing.fakes import NOON, FakeFigures

MARCH = date(2026, 3, 1)
VOUCHERS = (
    VoucherFacts("1", euro(30_00), issuer="edenred"),
    VoucherFacts("2", euro(10_00), issuer="sandbox"),
    VoucherFacts("3", euro(10_00), issuer="sandbox"),
    VoucherFacts("4", None, issuer="sandbox"),
)
SOLD = told(
    EventType.PAID, Status.SUCCESS, amount=euro(150_00), captured=euro(100_00), spent=euro(50_00), vouchers=VOUCHERS
)


def kept(*events: Event) -> FakeFigures:
    figures = FakeFigures()
    for number, event in enumerate(events):
        one = replace(event, id=EventId(f"evt_{number}"), created_at=NOON)
        added = figures_of(one)
        assert added is not None
        figures.add(one, added, NOON)
    return figures


def lines(figures: FakeFigures, month: date = MARCH) -> list[tuple[str, str, str, int, int]]:
    found = statement(a_credential(), month, figures=figures)
    return [
        (
            line.day.isoformat() if line.day else "month",
            line.tender,
            line.issuer,
            line.paid.minor,
            line.refunded.minor,
        )
        for line in found
    ]


def test_each_part_of_a_payment_stands_once_by_tender_and_issuer() -> None:
    day = [
        ("2026-03-02", "card", "", 100_00, 0),
        ("2026-03-02", "voucher", "edenred", 30_00, 0),
        ("2026-03-02", "voucher", "sandbox", 20_00, 0),
    ]

    assert lines(kept(SOLD)) == day + [("month", *rest) for _, *rest in day]


def test_a_refund_is_of_the_tenders_it_went_back_to() -> None:
    back = RefundFacts(RefundId("ref_1"), euro(80_00), euro(80_00), euro(70_00), vouchers={"edenred": euro(30_00)})
    refunded = told(EventType.REFUNDED, Status.PARTIALLY_REFUNDED, back)

    assert lines(kept(refunded))[:2] == [
        ("2026-03-02", "card", "", 0, 50_00),
        ("2026-03-02", "voucher", "edenred", 0, 30_00),
    ]


def test_what_a_bank_sends_back_later_is_the_cards_loss() -> None:
    gone = told(EventType.FAILED, Status.SUCCESS, captured=euro(100_00), spent=euro(50_00))

    found = statement(a_credential(), MARCH, figures=kept(SOLD, gone))

    assert [(line.tender, line.paid, line.returned, int(line.net)) for line in found][:2] == [
        ("card", euro(100_00), euro(100_00), 0),
        ("voucher", euro(30_00), euro(0), 30),
    ]


def test_a_month_can_come_to_less_than_nothing() -> None:
    gone = told(EventType.FAILED, Status.REFUNDED, captured=euro(100_00))

    (day, month) = statement(a_credential(), MARCH, figures=kept(gone))

    assert day.net == month.net == -100


def test_what_is_lost_in_disputes_is_off_the_net_of_its_payments_tender() -> None:
    figures = kept(SOLD)
    for number, lost in enumerate((Figures(lost=40_00), Figures(lost=20_00, lost_method=20_00), Figures(lost=-5_00))):
        figures.add(replace(an_event(), id=EventId(f"evt_lost{number}")), HourOf(NOON, "EUR", lost), NOON)

    found = statement(a_credential(), MARCH, figures=figures)

    assert [(line.tender, str(line.lost), str(line.net)) for line in found][:3] == [
        ("card", "35.00", "65.00"),
        ("method", "20.00", "-20.00"),
        ("voucher", "0.00", "30.00"),
    ]


def test_money_that_came_by_a_method_is_no_cards() -> None:
    paid = told(EventType.PAID, Status.SUCCESS, mode=Mode.ALTERNATIVE, amount=euro(20_00), captured=euro(20_00))
    back = RefundFacts(RefundId("ref_1"), euro(5_00), euro(5_00), euro(15_00))
    refunded = told(EventType.REFUNDED, Status.PARTIALLY_REFUNDED, back, mode=Mode.ALTERNATIVE)

    assert lines(kept(paid, refunded))[0] == ("2026-03-02", "method", "", 20_00, 5_00)


def test_vouchers_of_events_that_name_no_issuer_are_not_lost() -> None:
    of_before = told(
        EventType.PAID, Status.SUCCESS, captured=euro(0), spent=euro(50_00), amount=euro(50_00), vouchers=()
    )

    assert lines(kept(of_before))[0] == ("2026-03-02", "voucher", "", 50_00, 0)


def test_a_month_is_that_of_the_merchants_clocks_to_the_hour() -> None:
    figures = FakeFigures()
    first, last = datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 21, tzinfo=UTC)  # in Rome
    hours = (first, last, first.replace(hour=22), last.replace(hour=22))
    for number, hour in enumerate(hours):
        event = replace(an_event(), id=EventId(f"evt_{number}"))
        figures.add(event, HourOf(hour, "EUR", Figures(paid=1, gross=10**number)), hour)

    assert lines(figures) == [
        ("2026-03-01", "card", "", 1, 0),
        ("2026-03-31", "card", "", 10, 0),
        ("month", "card", "", 11, 0),
    ]
