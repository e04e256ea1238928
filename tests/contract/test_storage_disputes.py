"""What the port ``Disputes`` promises."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shared.domain import ids
from shared.domain.dispute import CLOSED, Actor, Dispute, Evidence, Notice, Response, Turn, Word
from shared.domain.errors import InvalidRequest, NotFound, StaleWrite
from shared.domain.event import EventType
from shared.domain.ids import DisputeId
from shared.domain.payment import Environment, Payment
from shared.domain.statuses import DisputeStatus, Reason, Source
from shared.ports.disputes import DisputeChange, Period, Tally
from shared.ports.payments import Change
from tests.storage import Storage
from tools.testing.builders import MERCHANT, TEST, a_payment, an_event, euro
from tools.testing.fakes import NOON

DAY = timedelta(days=1)
S = DisputeStatus
PAYMENT = a_payment()


def a_dispute(number: int = 1, **settings: Any) -> Dispute:
    created = settings.get("created_at", NOON + timedelta(seconds=number))
    status = settings.get("status", S.OPEN)
    made: dict[str, Any] = {
        "id": ids.dispute_id("IGFS", str(number)),
        "merchant_id": MERCHANT,
        "environment": TEST,
        "payment_id": PAYMENT.id,
        "source": Source.IGFS,
        "psp_id": f"CB-{number}",
        "amount": euro(50_00),
        "reason": Reason.FRAUDULENT,
        "status": status,
        "asked": Word(S.OPEN if status in CLOSED else status, created),
        "decided": Word(status, created) if status in CLOSED else None,
        "facts_at": created,
        "created_at": created,
        "deadline": NOON + 14 * DAY,
        "held": 50_00,
    }
    return Dispute(**{**made, **settings})


def put(storage: Storage, dispute: Dispute, **more: Any) -> Dispute:
    assert storage.disputes.save(DisputeChange(dispute, None, **more))
    return storage.disputes.get(dispute.id)


def moved(storage: Storage, before: Dispute, **changes: Any) -> Dispute:
    assert storage.disputes.save(DisputeChange(replace(before, **changes), before))
    return storage.disputes.get(before.id)


def listed(storage: Storage, **query: Any) -> tuple[list[DisputeId], str | None]:
    wanted: dict[str, Any] = {"status": None, "period": Period(), "limit": 10, "cursor": None, **query}
    found, cursor = storage.disputes.of_merchant(MERCHANT, TEST, **wanted)
    return [dispute.id for dispute in found], cursor


def counted(tallies: list[Tally]) -> dict[tuple[str, str], tuple[int, int]]:
    return {(t.status.value, t.currency): (t.count, t.minor) for t in tallies}


def test_a_dispute_is_read_as_it_was_written(storage: Storage) -> None:
    full = a_dispute(
        responses=(Response("Delivered", ("ev_1",), NOON),),
        evidence=(Evidence("ev_1", "a.pdf", "application/pdf", 7, NOON),),
        turns=(Turn(S.OPEN, Actor.PSP, NOON),),
        notify_url="https://shop.example/hook",
        reopened_at=NOON,
        decided=Word(S.WON, NOON),
        deadline_at=NOON,
    )

    assert put(storage, full) == replace(full, version=1)


def test_an_unknown_dispute_is_not_found(storage: Storage) -> None:
    with pytest.raises(NotFound):
        storage.disputes.get(DisputeId("dp_unknown"))


def test_of_two_first_messages_one_is_written(storage: Storage) -> None:
    put(storage, a_dispute())

    assert not storage.disputes.save(DisputeChange(a_dispute(psp_id="another"), None))
    assert storage.disputes.get(a_dispute().id).psp_id == "CB-1"
    assert counted(storage.disputes.tallies(MERCHANT, TEST)) == {("OPEN", "EUR"): (1, 50_00)}


def test_of_two_changes_of_one_version_one_is_written_and_counted(storage: Storage) -> None:
    read = put(storage, a_dispute())
    moved(storage, read, status=S.WON)

    assert not storage.disputes.save(DisputeChange(replace(read, status=S.LOST), read))
    assert counted(storage.disputes.tallies(MERCHANT, TEST)) == {("WON", "EUR"): (1, 50_00)}


def test_a_payment_that_moved_stops_the_dispute_its_events_and_its_counters(storage: Storage) -> None:
    storage.payments.create(Change(a := a_payment()))
    stale = storage.payments.get(a.id)
    storage.payments.save(Change(replace(stale, refunded=1)))
    event = an_event(type=EventType.DISPUTE_CREATED, subject="dp_x")

    change = DisputeChange(a_dispute(), None, [event], replace(stale, disputed=50_00))
    assert not storage.disputes.save(change)
    with pytest.raises(NotFound):
        storage.disputes.get(a_dispute().id)
    with pytest.raises(NotFound):
        storage.events.get(MERCHANT, TEST, event.id)
    assert storage.disputes.tallies(MERCHANT, TEST) == []
    assert storage.payments.get(a.id).disputed == 0


def test_dispute_payment_events_and_counters_are_written_together(storage: Storage) -> None:
    storage.payments.create(Change(a := a_payment()))
    payment: Payment = storage.payments.get(a.id)
    event = an_event(type=EventType.DISPUTE_CREATED, subject="dp_x")

    put(storage, a_dispute(), events=[event], payment=replace(payment, disputed=50_00))
    assert storage.events.get(MERCHANT, TEST, event.id) == event
    assert storage.payments.get(a.id) == replace(payment, disputed=50_00, version=payment.version + 1)


def test_counters_follow_status_and_amount_in_all_and_by_day(storage: Storage) -> None:
    first = put(storage, a_dispute(1))
    put(storage, a_dispute(2, created_at=NOON + DAY, amount=replace(euro(1), currency="JPY")))
    first = moved(storage, first, amount=euro(30_00))
    first = moved(storage, first, evidence=(Evidence("ev_1", "a", "text/plain", 1, NOON),))
    moved(storage, first, status=S.UNDER_REVIEW)

    mine, theirs = ("UNDER_REVIEW", "EUR"), ("OPEN", "JPY")
    assert counted(storage.disputes.tallies(MERCHANT, TEST)) == {mine: (1, 30_00), theirs: (1, 1)}
    days = storage.disputes.days(MERCHANT, TEST, Period())
    assert [(day, counted(tallies)) for day, tallies in days] == [
        ((NOON + DAY).date(), {theirs: (1, 1)}),
        (NOON.date(), {mine: (1, 30_00)}),
    ]
    only = storage.disputes.days(MERCHANT, TEST, Period((NOON + DAY).date(), (NOON + 9 * DAY).date()))
    assert [day for day, _ in only] == [(NOON + DAY).date()]
    assert storage.disputes.tallies(MERCHANT, Environment.LIVE) == []


def test_disputes_are_listed_newest_first_page_by_page(storage: Storage) -> None:
    for number in (1, 2, 3, 4):
        put(storage, a_dispute(number))

    first, cursor = listed(storage, limit=2)
    second, end = listed(storage, limit=2, cursor=cursor)
    assert (first, second) == ([a_dispute(4).id, a_dispute(3).id], [a_dispute(2).id, a_dispute(1).id])
    assert end is None


def test_status_and_period_narrow_the_list(storage: Storage) -> None:
    for number in range(6):
        status = S.WON if number % 2 else S.OPEN
        put(storage, a_dispute(number, created_at=NOON + number * DAY, status=status))
    second, fourth = (NOON + DAY).date(), (NOON + 3 * DAY).date()

    assert listed(storage, status=S.WON)[0] == [a_dispute(n).id for n in (5, 3, 1)]
    assert listed(storage, period=Period(second, fourth))[0] == [a_dispute(n).id for n in (3, 2, 1)]
    assert listed(storage, status=S.WON, period=Period(second, fourth))[0] == [a_dispute(n).id for n in (3, 1)]
    assert listed(storage, period=Period(last=second))[0] == [a_dispute(n).id for n in (1, 0)]
    assert listed(storage, period=Period(date(2030, 1, 1)))[0] == []


@pytest.mark.parametrize("cursor", ["nonsense", "2026-03-02#", "zzz#dp_1", "2000-01-01#dp_1"])
def test_a_cursor_of_another_list_is_refused(storage: Storage, cursor: str) -> None:
    put(storage, a_dispute())

    with pytest.raises(InvalidRequest):
        listed(storage, cursor=cursor, period=Period(NOON.date(), NOON.date()))


def test_unanswered_disputes_are_due_at_their_deadline_and_closed_ones_never(storage: Storage) -> None:
    put(storage, a_dispute(1, deadline=NOON + 2 * DAY))
    put(storage, a_dispute(2, deadline=NOON + DAY))
    put(storage, a_dispute(3, deadline=NOON + DAY, status=S.UNDER_REVIEW))
    put(storage, a_dispute(4, deadline=None))
    put(storage, a_dispute(5, deadline=NOON + DAY, environment=Environment.LIVE))

    assert storage.disputes.due(NOON + DAY - timedelta(microseconds=1), 10) == []
    assert set(storage.disputes.due(NOON + DAY, 10)) == {a_dispute(2).id, a_dispute(5).id}
    assert storage.disputes.overdue(MERCHANT, TEST, NOON + 2 * DAY, 10) == [a_dispute(2).id, a_dispute(1).id]
    assert len(storage.disputes.due(NOON + 2 * DAY, 1)) == 1


def test_messages_about_unknown_payments_are_kept_once_each(storage: Storage) -> None:
    made = Notice(Source.PAYPAL, TEST, "PP-1", ("a", "b"), euro(5), Reason.GENERAL, S.OPEN, NOON, None)
    later = replace(made, status=S.LOST, happened_at=NOON + DAY, reopens=True, deadline=NOON)
    for notice in (made, later, made):
        storage.disputes.keep_unmatched(notice, NOON)
    storage.disputes.keep_unmatched(later, NOON + DAY)  # tried without success

    assert storage.disputes.unmatched(NOON - timedelta(microseconds=1), 10) == []
    assert storage.disputes.unmatched(NOON, 10) == [made]
    assert storage.disputes.unmatched(NOON + DAY, 10) == [made, later]
    assert storage.disputes.unmatched(NOON + DAY, 1) == [made]
    assert storage.disputes.due(NOON + DAY, 10) == []
    storage.disputes.forget_unmatched(made)
    storage.disputes.forget_unmatched(made)
    assert storage.disputes.unmatched(NOON + DAY, 10) == [later]


def test_disputes_written_at_once_are_all_counted(shared_storage: Storage) -> None:
    def write(number: int) -> None:
        while True:
            try:
                assert shared_storage.disputes.save(DisputeChange(a_dispute(number), None))
                return
            except StaleWrite:  # the counters were too busy: nothing was written
                continue

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))

    assert counted(shared_storage.disputes.tallies(MERCHANT, TEST)) == {("OPEN", "EUR"): (24, 24 * 50_00)}
    assert len(listed(shared_storage, limit=100)[0]) == 24
