"""Disputes from the first message to the last: order, money, deadlines, counters, events."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters.dispute_sources.sandbox import opened_dispute
from shared.domain.answering import MOST_FILES
from shared.domain.dispute import CLOSED
from shared.domain.errors import Conflict, IllegalTransition, InvalidAmount, InvalidRequest, NotFound
from shared.domain.event import EventType
from shared.domain.ids import MerchantId, PaymentId
from shared.domain.payment import Environment
from shared.domain.psp_reference import PspReference
from shared.domain.statuses import DisputeStatus, Reason, Source
from shared.families.payglobe.dispute_views import listed_dispute, shown_dispute
from shared.ports.disputes import Period
from shared.ports.payments import Change
from shared.usecases.dispute.list_disputes import Stakes
from shared.usecases.dispute.respond_dispute import add_evidence
from shared.usecases.dispute.take_notice import SOONEST
from tests.unit.disputes.bank import DAY, Bank, in_yen
from tools.testing.builders import MERCHANT, TEST, euro
from tools.testing.fakes import NOON

S = DisputeStatus
DISPUTED_CARD = "4000000000000259"


@pytest.fixture
def bank() -> Bank:
    bank = Bank()
    bank.sold()
    return bank


def as_shown(bank: Bank) -> dict[str, object]:
    return shown_dispute(bank.dispute, bank.world.now())


# ---- one dispute, whatever arrives -----------------------------------------------------------------


def test_the_first_message_opens_a_dispute_and_the_same_one_again_changes_nothing(bank: Bank) -> None:
    first = bank.says()

    assert bank.says() == first
    assert (bank.stands, bank.dispute_events()) == (S.OPEN, ["created"])
    assert bank.listed().total == 1


def test_what_comes_to_one_merchants_own_connector_is_about_no_other_merchants_payment(bank: Bank) -> None:
    assert bank.hears(replace(bank.notice(), merchant_id=MerchantId("m_other"))) is None
    assert bank.listed().total == 0

    assert bank.hears(replace(bank.notice(), merchant_id=MERCHANT)) is not None


def test_messages_of_two_sources_with_one_number_are_two_disputes(bank: Bank) -> None:
    one = bank.says()
    other = bank.says(source=Source.STRIPE)

    assert one.id != other.id
    assert bank.listed().total == 2


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_messages_in_any_order_end_in_the_same_state(order: tuple[int, ...]) -> None:
    bank = Bank()
    bank.sold()
    story = [
        bank.notice(S.OPEN, 0),
        bank.notice(S.EVIDENCE_REQUIRED, 1, deadline=NOON + 20 * DAY),
        bank.notice(S.UNDER_REVIEW, 2, deadline=None, amount=euro(40_00)),
        bank.notice(S.LOST, 3, deadline=None, amount=euro(40_00)),
    ]
    for number in order:
        dispute = bank.hears(story[number])
        assert dispute is not None
    (dispute,) = bank.disputes.all()

    assert (dispute.status, dispute.amount, dispute.deadline) == (S.LOST, euro(40_00), NOON + 20 * DAY)
    assert bank.payment.disputed == 40_00
    assert bank.dispute_events()[0] == "created"
    assert bank.dispute_events().count("closed") == 1


MESSAGES = st.lists(
    st.tuples(
        st.sampled_from(list(S)),
        st.integers(0, 5),
        st.integers(1, 150_00),
        st.booleans(),
        st.integers(0, 2).map(bool),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda message: message[1],
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(messages=MESSAGES, random=st.randoms(use_true_random=False))
def test_what_is_said_counts_and_not_when_it_arrives(messages: list[Any], random: Any) -> None:
    ends = []
    for _ in range(2):
        bank = Bank()
        bank.sold()
        for status, at, amount, dated, kept in messages:
            deadline = NOON + (30 + at) * DAY if dated else None
            bank.says(status, at, amount=euro(amount), deadline=deadline, reopens=not kept and status not in CLOSED)
        dispute = bank.dispute
        ends.append((dispute.status, dispute.amount, dispute.deadline, dispute.held, bank.payment.disputed))
        assert bank.payment.disputed == dispute.held
        assert _listed_equals_counted(bank)
        random.shuffle(messages)

    assert ends[0] == ends[1]


def _listed_equals_counted(bank: Bank) -> bool:
    stats = bank.stats()
    found = bank.listed().disputes
    amounts = {s: sum(d.amount.minor for d in found if d.status is s) for s in S}
    return (
        stats.open == sum(d.status in (S.OPEN, S.EVIDENCE_REQUIRED) for d in found)
        and stats.lost == sum(d.status in (S.LOST, S.EXPIRED) for d in found)
        and stats.at_risk.minor == amounts[S.OPEN] + amounts[S.EVIDENCE_REQUIRED] + amounts[S.UNDER_REVIEW]
        and stats.taken.minor == amounts[S.LOST] + amounts[S.EXPIRED]
    )


def test_a_decision_is_taken_back_by_a_later_decision_only(bank: Bank) -> None:
    bank.says(S.LOST, 5)
    bank.says(S.EVIDENCE_REQUIRED, 9)
    assert bank.stands == S.LOST
    bank.says(S.WON, 4)
    assert bank.stands == S.LOST
    bank.says(S.WON, 8)
    assert bank.stands == S.WON


def test_a_decided_dispute_begins_anew_when_the_psp_says_so(bank: Bank) -> None:
    bank.says(S.WON, 5)
    assert bank.payment.disputed == 0

    bank.says(S.EVIDENCE_REQUIRED, 6, reopens=True)
    assert (bank.stands, bank.payment.disputed) == (S.EVIDENCE_REQUIRED, 50_00)
    bank.says(S.WON, 5)  # the old decision once more
    assert bank.stands == S.EVIDENCE_REQUIRED
    assert bank.dispute_events() == ["created", "closed", "updated"]


def test_a_dispute_first_heard_of_at_its_end_tells_both(bank: Bank) -> None:
    bank.says(S.LOST)

    assert bank.dispute_events() == ["created", "closed"]
    assert [event.sequence for event in bank.world.events.told if event.subject == bank.dispute_id] == [1, 2]


@pytest.mark.parametrize("environment", [TEST, Environment.LIVE])
def test_a_message_about_no_payment_of_ours_is_kept_and_tried_again(bank: Bank, environment: Environment) -> None:
    paid = bank.id
    known = environment is TEST
    notice = bank.notice(payment_ids=("TXN_OTHER",) if known else (paid,), environment=environment)

    assert bank.hears(notice) is None
    assert bank.hears(notice) is None
    bank.later(NOON + SOONEST)
    assert bank.disputes.unmatched(bank.world.now(), 10) == [notice]
    assert bank.sweep() == []
    assert bank.disputes.all() == []

    if known:  # it turns up after all
        bank.change(id="TXN_OTHER")
        bank.later(NOON + 2 * SOONEST)
        bank.sweep()
        assert bank.disputes.unmatched(NOON + 9 * DAY, 10) == []
        assert [d.payment_id for d in bank.disputes.all()] == ["TXN_OTHER"]


def test_a_message_that_never_matches_is_tried_ever_more_rarely(bank: Bank) -> None:
    bank.hears(bank.notice(payment_ids=("TXN_OTHER",)))
    tries = []
    while bank.world.now() < NOON + 4 * DAY:
        bank.later(bank.world.now() + SOONEST)
        tries += bank.disputes.unmatched(bank.world.now(), 10)
        bank.sweep()

    assert 10 < len(tries) < 20
    assert bank.disputes.unmatched(bank.world.now() + DAY, 10) == [tries[0]]


def test_the_first_of_several_names_that_is_a_payment_is_the_disputed_one(bank: Bank) -> None:
    dispute = bank.says(payment_ids=("pi_unknown", bank.id))

    assert dispute.payment_id == bank.id


# ---- money -----------------------------------------------------------------------------------------


def test_a_disputed_amount_cannot_be_refunded(bank: Bank) -> None:
    bank.says(amount=euro(150_00))

    with pytest.raises(Conflict, match="is disputed"):
        bank.refund()


def test_what_is_not_disputed_can_be_refunded(bank: Bank) -> None:
    bank.says(amount=euro(50_00))
    with pytest.raises(InvalidAmount):
        bank.refund(euro(100_01))

    assert bank.refund(euro(100_00)).given == euro(100_00)
    with pytest.raises(Conflict):
        bank.refund()


@pytest.mark.parametrize("end", [S.WON, S.CANCELLED])
def test_a_dispute_that_ends_well_gives_the_amount_free(bank: Bank, end: DisputeStatus) -> None:
    bank.says()
    bank.says(end, 1)

    assert bank.payment.disputed == 0
    assert bank.refund().given == euro(150_00)


@pytest.mark.parametrize("end", [S.LOST, S.EXPIRED])
def test_a_lost_dispute_has_paid_the_customer_for_good(bank: Bank, end: DisputeStatus) -> None:
    bank.says()
    bank.says(end, 1)

    assert bank.refund().given == euro(100_00)
    with pytest.raises(Conflict):
        bank.refund()


def charged_back(bank: Bank) -> tuple[bool, int]:
    """What the payment says of it, and how often it was told."""
    told = [event for event in bank.world.events.told if event.type is EventType.CHARGED_BACK]
    assert all(event.subject == bank.id and event.facts.payment for event in told)
    return bank.payment.charged_back, len(told)


def test_a_lost_dispute_charges_its_payment_back_and_that_is_told_once(bank: Bank) -> None:
    bank.says()
    assert charged_back(bank) == (False, 0)
    bank.says(S.LOST, at=1)
    bank.says(S.LOST, at=1)
    bank.says(S.LOST, at=2, psp_id="CB-2")

    assert charged_back(bank) == (True, 1)
    sequences = [event.sequence for event in bank.world.events.told if event.subject == bank.id]
    assert sequences == list(range(1, len(sequences) + 1))
    assert sequences[-1] == bank.payment.sequence


def test_a_dispute_first_heard_of_as_lost_charges_back_at_once(bank: Bank) -> None:
    bank.says(S.LOST)

    assert charged_back(bank) == (True, 1)


@pytest.mark.parametrize("end", [S.WON, S.CANCELLED])
def test_a_dispute_that_ends_well_charges_nothing_back(bank: Bank, end: DisputeStatus) -> None:
    bank.says()
    bank.says(end, at=1)

    assert charged_back(bank) == (False, 0)


def test_a_dispute_that_the_clock_ended_charges_back_when_the_bank_says_that_it_is_lost(bank: Bank) -> None:
    """Until then it can still be won."""
    bank.says()
    bank.later(bank.dispute.deadline or NOON)
    bank.sweep()
    assert (bank.stands, charged_back(bank)) == (S.EXPIRED, (False, 0))
    bank.says(S.LOST, at=14 * 24 * 60 + 5)

    assert charged_back(bank) == (True, 1)


def test_what_was_charged_back_stays_so_when_the_dispute_begins_anew_and_is_won(bank: Bank) -> None:
    bank.says()
    bank.says(S.LOST, at=1)
    bank.says(S.OPEN, at=2, reopens=True)
    bank.says(S.WON, at=3)

    assert (bank.stands, charged_back(bank)) == (S.WON, (True, 1))
    assert bank.payment.refundable == euro(150_00)


def test_a_payment_that_was_given_back_whole_is_not_charged_back_as_well(bank: Bank) -> None:
    bank.refund()
    bank.says(S.LOST)

    assert charged_back(bank) == (False, 0)


def test_two_disputes_of_one_payment_hold_both_amounts(bank: Bank) -> None:
    bank.says(amount=euro(50_00))
    bank.says(amount=euro(70_00), psp_id="CB-2")
    assert bank.payment.disputed == 120_00

    bank.says(S.WON, 1, amount=euro(50_00))
    assert bank.payment.disputed == 70_00
    assert bank.refund().given == euro(80_00)


def test_a_dispute_in_another_currency_holds_the_whole_payment(bank: Bank) -> None:
    bank.says(amount=in_yen(8000))

    assert bank.payment.disputed == 150_00


def test_a_payment_names_its_disputes_also_after_they_ended(bank: Bank) -> None:
    first = bank.says()
    second = bank.says(psp_id="CB-2")
    assert list(bank.payment.disputes) == [first.id, second.id]

    bank.says(S.WON, 5, psp_id="CB-2")
    third = bank.says(S.CANCELLED, psp_id="CB-3")
    assert (list(bank.payment.disputes), bank.payment.disputed) == ([first.id, second.id, third.id], 50_00)


def test_a_refund_that_comes_between_is_seen_before_the_dispute_is_written(bank: Bank) -> None:
    bank.disputes.meanwhile(lambda: bank.refund(euro(30_00)))
    bank.says(amount=euro(150_00))

    assert (bank.payment.disputed, bank.payment.refunded) == (150_00, 30_00)
    assert bank.dispute_events() == ["created"]
    assert bank.listed().total == 1


def test_a_dispute_that_comes_between_is_seen_before_a_refund_is_reserved(bank: Bank) -> None:
    bank.world.payments.meanwhile(lambda: bank.says(amount=euro(150_00)))

    with pytest.raises(Conflict, match="is disputed"):
        bank.refund()
    assert bank.in_book()[4] == 0


# ---- the merchant's answer -------------------------------------------------------------------------


def test_an_answer_puts_the_dispute_under_review_and_is_told(bank: Bank) -> None:
    bank.says()
    answered = bank.answer()

    assert (answered.status, answered.responses[0].text) == (S.UNDER_REVIEW, "Delivered on Monday")
    assert bank.dispute_events() == ["created", "updated"]
    assert bank.answer() == answered  # sent again: the same answer
    with pytest.raises(IllegalTransition) as refused:
        bank.answer("Something else")
    assert refused.value.error_code == "dispute_under_review"


def test_the_bank_may_want_more_and_gets_it(bank: Bank) -> None:
    bank.says()
    bank.answer()
    bank.says(S.EVIDENCE_REQUIRED, 5, deadline=NOON + 20 * DAY)
    assert bank.stands == S.EVIDENCE_REQUIRED

    bank.answer("And here is the signature")
    assert (bank.stands, len(bank.dispute.responses)) == (S.UNDER_REVIEW, 2)
    assert [(turn.status, turn.by.value) for turn in bank.dispute.turns] == [
        (S.OPEN, "PSP"),
        (S.UNDER_REVIEW, "MERCHANT"),
        (S.EVIDENCE_REQUIRED, "PSP"),
        (S.UNDER_REVIEW, "MERCHANT"),
    ]


def test_an_answer_is_the_merchants_own_word_until_the_bank_has_said_something(bank: Bank) -> None:
    bank.says()
    assert as_shown(bank)["statusBy"] == "PSP"
    bank.answer()
    assert (as_shown(bank)["status"], as_shown(bank)["statusBy"]) == ("UNDER_REVIEW", "MERCHANT")
    bank.says(S.UNDER_REVIEW, 5)
    assert (as_shown(bank)["status"], as_shown(bank)["statusBy"]) == ("UNDER_REVIEW", "PSP")
    bank.says(S.WON, 6)
    assert (as_shown(bank)["status"], as_shown(bank)["statusBy"]) == ("WON", "PSP")


def test_an_unanswered_dispute_is_ended_by_the_clock(bank: Bank) -> None:
    bank.says()
    bank.later(NOON + 15 * DAY)

    assert (as_shown(bank)["status"], as_shown(bank)["statusBy"]) == ("EXPIRED", "CLOCK")


def test_an_answer_counts_also_when_the_psps_clock_is_ahead_of_ours(bank: Bank) -> None:
    bank.says(S.EVIDENCE_REQUIRED, 90)
    bank.answer()
    bank.says(S.OPEN, 91)

    assert bank.stands == S.UNDER_REVIEW


@pytest.mark.parametrize("end", sorted(CLOSED))
def test_a_closed_dispute_takes_no_answer(bank: Bank, end: DisputeStatus) -> None:
    bank.says(end)

    with pytest.raises(IllegalTransition) as refused:
        bank.answer()
    assert refused.value.error_code == "dispute_closed"


def place(bank: Bank, seed: bytes, **changes: Any) -> str:
    file: dict[str, Any] = {"name": "receipt.pdf", "content_type": "application/pdf", "size": 1000, **changes}
    evidence, _, fields = add_evidence(
        bank.dispute, **file, world=bank.world, disputes=bank.disputes, files=bank.files, desks=bank.desks, seed=seed
    )
    bank.files.upload(fields["key"])
    return evidence.id


def test_an_answer_refers_to_files_that_were_uploaded(bank: Bank) -> None:
    bank.says()
    file = place(bank, b"1" * 64)
    assert place(bank, b"1" * 64) == file  # asked for again with the same key
    with pytest.raises(InvalidRequest):
        bank.answer("See the file", file, "ev_of_somebody_else")
    uploaded = dict(bank.files.uploaded)
    bank.files.uploaded.clear()
    with pytest.raises(InvalidRequest, match="not uploaded"):
        bank.answer("See the file", file)
    bank.files.uploaded.update(uploaded)

    assert bank.answer("See the file", file).responses[0].evidence == (file,)
    assert bank.dispute_events() == ["created", "updated"]  # a place for a file is no news


def test_a_file_that_an_answer_refers_to_is_never_exchanged(bank: Bank) -> None:
    bank.says()
    file = place(bank, b"1" * 64)
    bank.answer("See the file", file)
    with pytest.raises(IllegalTransition):
        place(bank, b"1" * 64)

    bank.says(S.EVIDENCE_REQUIRED, 1)
    with pytest.raises(Conflict, match="stays as it is"):
        place(bank, b"1" * 64)
    assert place(bank, b"2" * 64) != file


def test_what_counts_is_the_file_as_it_was_when_the_answer_named_it(bank: Bank) -> None:
    bank.says()
    file = place(bank, b"1" * 64)
    (key,) = bank.files.uploaded
    bank.files.upload(key)  # the merchant may think better of it before the answer
    bank.answer("See the file", file)
    answered = bank.dispute

    bank.files.upload(key)  # the form is good for some minutes yet

    assert [e.version for e in answered.evidence] == ["version-2"]
    assert bank.answer("See the file", file).evidence == answered.evidence
    bank.says(S.EVIDENCE_REQUIRED, 1)
    assert bank.answer("See the file again", file).evidence == answered.evidence


def test_a_file_that_no_answer_names_has_no_version(bank: Bank) -> None:
    bank.says()
    place(bank, b"1" * 64)

    assert [e.version for e in bank.answer("Without it").evidence] == [None]


@pytest.mark.parametrize(
    "wrong", [{"content_type": "text/html"}, {"size": 0}, {"size": 5_000_001}], ids=["type", "empty", "too large"]
)
def test_a_file_of_the_wrong_kind_gets_no_place(bank: Bank, wrong: dict[str, Any]) -> None:
    bank.says()

    with pytest.raises(InvalidRequest):
        place(bank, b"1" * 64, **wrong)


def test_a_dispute_takes_ten_files_and_none_once_it_is_closed(bank: Bank) -> None:
    bank.says()
    for number in range(MOST_FILES):
        place(bank, bytes([number]) * 64)
    with pytest.raises(Conflict):
        place(bank, b"x" * 64)
    bank.says(S.WON, 1)

    with pytest.raises(IllegalTransition):
        place(bank, b"y" * 64)


# ---- deadlines -------------------------------------------------------------------------------------


def test_days_left_are_whole_and_the_last_three_are_urgent(bank: Bank) -> None:
    bank.says()
    deadline = NOON + 14 * DAY

    def at(before: timedelta) -> tuple[object, object, object]:
        shown = listed_dispute(bank.dispute, deadline - before)
        return shown["daysUntilDeadline"], shown["isUrgent"], shown["status"]

    assert at(3 * DAY + timedelta(seconds=1)) == (3, False, "OPEN")
    assert at(3 * DAY) == (3, False, "OPEN")
    assert at(3 * DAY - timedelta(seconds=1)) == (2, True, "OPEN")
    assert at(timedelta(seconds=1)) == (0, True, "OPEN")
    assert at(timedelta()) == (0, False, "EXPIRED")
    assert at(-DAY) == (0, False, "EXPIRED")


def test_an_unanswered_dispute_expires_by_schedule_and_stays_lost(bank: Bank) -> None:
    bank.says()
    bank.later(NOON + 14 * DAY)
    bank.sweep()
    bank.sweep()

    assert (bank.stands, bank.payment.disputed) == (S.EXPIRED, 50_00)
    assert bank.dispute_events() == ["created", "closed"]
    assert (bank.stats().lost, bank.stats().taken) == (1, euro(50_00))


def test_whoever_looks_first_after_the_deadline_sees_it_expired(bank: Bank) -> None:
    bank.says()
    bank.later(NOON + 14 * DAY)

    assert bank.listed(status=S.OPEN).total == 0
    assert [d.status for d in bank.listed(status=S.EXPIRED).disputes] == [S.EXPIRED]
    assert bank.dispute_events() == ["created", "closed"]


def test_what_was_answered_in_time_does_not_expire(bank: Bank) -> None:
    bank.says()
    bank.answer()
    bank.later(NOON + 30 * DAY)
    bank.sweep()

    assert bank.stands == S.UNDER_REVIEW


def test_an_expired_dispute_can_still_be_won_or_be_given_more_time(bank: Bank) -> None:
    bank.says()
    bank.later(NOON + 15 * DAY)
    bank.sweep()
    bank.says(S.OPEN, 1, deadline=NOON + 20 * DAY)
    assert bank.stands == S.OPEN
    bank.later(NOON + 21 * DAY)
    bank.sweep()
    assert bank.stands == S.EXPIRED

    bank.says(S.WON, 2)
    assert (bank.stands, bank.payment.disputed) == (S.WON, 0)
    assert bank.dispute_events() == ["created", "closed", "updated", "closed", "closed"]


def test_a_question_after_the_deadline_is_not_late_because_of_it(bank: Bank) -> None:
    bank.says()
    bank.answer()
    bank.later(NOON + 15 * DAY)
    bank.says(S.EVIDENCE_REQUIRED, 15 * 24 * 60, deadline=None)
    bank.later(NOON + 16 * DAY)
    bank.sweep()

    assert bank.stands == S.EVIDENCE_REQUIRED
    assert bank.answer("And the signature").status is S.UNDER_REVIEW


def test_a_question_before_the_deadline_ends_with_it(bank: Bank) -> None:
    bank.says()
    bank.answer()
    bank.says(S.EVIDENCE_REQUIRED, 60, deadline=None)
    bank.later(NOON + 14 * DAY)
    bank.sweep()

    assert bank.stands == S.EXPIRED


def test_one_dispute_that_fails_stops_no_other(bank: Bank) -> None:
    bank.says()
    bank.says(psp_id="CB-2")
    bank.later(NOON + 14 * DAY)

    def broken(dispute_id: Any) -> Any:
        if dispute_id == bank.dispute_id:
            raise RuntimeError("no")
        return type(bank.disputes).get(bank.disputes, dispute_id)

    bank.disputes.get = broken  # type: ignore[method-assign]
    assert bank.sweep() == [(bank.dispute_id, "RuntimeError")]
    assert sorted(d.status for d in bank.disputes.all()) == [S.EXPIRED, S.OPEN]


# ---- lists and counters ----------------------------------------------------------------------------


@pytest.fixture
def busy() -> tuple[Bank, list[str]]:
    bank = Bank()
    bank.sold()
    made: list[str] = []
    for day in range(4):
        for number in range(3 + day):
            bank.later(NOON + day * DAY + timedelta(seconds=number))
            status = S.WON if number % 3 == 0 else S.OPEN
            dispute = bank.says(status, psp_id=f"{day}-{number}", amount=euro(100), deadline=NOON + 90 * DAY)
            made.insert(0, dispute.id)
    return bank, made


@pytest.mark.parametrize("size", [1, 4, 5, 18, 100])
def test_pages_by_number_follow_one_another(busy: tuple[Bank, list[str]], size: int) -> None:
    bank, made = busy
    pages = [bank.listed(page=n, size=size) for n in range(-(-18 // size) + 1)]

    assert [d.id for page in pages for d in page.disputes] == made
    assert {page.total for page in pages} == {18}
    assert pages[-1].disputes == []


def test_pages_by_cursor_follow_one_another(busy: tuple[Bank, list[str]]) -> None:
    bank, made = busy
    seen: list[str] = []
    cursor = None
    while True:
        page = bank.listed(size=5, cursor=cursor)
        seen += [d.id for d in page.disputes]
        cursor = page.cursor
        if cursor is None:
            break

    assert seen == made


def test_filters_narrow_list_and_total_together(busy: tuple[Bank, list[str]]) -> None:
    bank, _ = busy
    second, third = date(2026, 3, 3), date(2026, 3, 4)
    found = bank.listed(status=S.WON, period=Period(second, third), size=2)
    more = bank.listed(status=S.WON, period=Period(second, third), size=2, page=1)

    assert (found.total, len(found.disputes), len(more.disputes)) == (4, 2, 2)
    assert {d.created_at.date() for d in found.disputes + more.disputes} == {second, third}
    assert bank.listed(period=Period(None, second)).total == 7
    assert bank.listed(period=Period(third, None)).total == 11
    assert bank.listed(period=Period(date(2030, 1, 1), None)).disputes == []


def test_stats_are_what_the_list_adds_up_to(busy: tuple[Bank, list[str]]) -> None:
    bank, _ = busy
    bank.says(S.UNDER_REVIEW, 1, psp_id="3-1", amount=euro(100))
    bank.says(S.EVIDENCE_REQUIRED, 1, psp_id="3-2", amount=euro(100))
    bank.says(S.LOST, 1, psp_id="3-4", amount=euro(300))
    stats = bank.stats()

    assert (stats.open, stats.under_review, stats.won, stats.lost) == (9, 1, 7, 1)
    assert (stats.at_risk, stats.taken) == (euro(10_00), euro(3_00))


def test_amounts_of_several_currencies_are_never_added_up(bank: Bank) -> None:
    bank.says(amount=euro(50_00))
    bank.says(amount=in_yen(8000), psp_id="CB-2")

    assert (bank.stats().open, bank.stats().at_risk) == (2, euro(50_00))
    assert (bank.stats("JPY").open, bank.stats("JPY").at_risk) == (1, in_yen(8000))
    assert (bank.stats("USD").open, bank.stats("USD").at_risk.minor) == (0, 0)
    assert bank.stats().stakes == (Stakes(euro(50_00), euro(0)), Stakes(in_yen(8000), in_yen(0)))
    assert bank.stats("JPY").stakes == (Stakes(in_yen(8000), in_yen(0)),)
    assert bank.stats("USD").stakes == ()


def test_another_merchants_disputes_are_in_no_list(bank: Bank) -> None:
    bank.says()
    found, _ = bank.disputes.of_merchant(
        MERCHANT, Environment.LIVE, status=None, period=Period(), limit=10, cursor=None
    )

    assert found == []
    assert bank.disputes.tallies(MERCHANT, Environment.LIVE) == []


# ---- the sandbox's bank ----------------------------------------------------------------------------


def test_the_sandbox_disputes_a_capture_of_its_card_exactly_once() -> None:
    bank = Bank()
    bank.held(DISPUTED_CARD)
    bank.spend("V5000-A1")
    assert bank.state == "SUCCESS"

    bank.sandbox_tells()
    bank.sandbox_tells()
    (dispute,) = bank.disputes.all()
    assert (dispute.amount, dispute.reason, dispute.source) == (euro(100_00), Reason.FRAUDULENT, "SANDBOX")
    assert (bank.payment.disputed, bank.dispute_events()) == (100_00, ["created"])


def test_the_sandbox_disputes_no_other_card_and_no_payment_without_one(bank: Bank) -> None:
    assert bank.sandbox_tells() == []
    bank.held(DISPUTED_CARD)
    bank.spend("V15000-A1")
    assert bank.state == "SUCCESS"

    assert bank.sandbox_tells() == []


def test_an_event_of_a_live_payment_never_opens_a_sandbox_dispute() -> None:
    bank = Bank()
    bank.sold(150_00, DISPUTED_CARD)
    told = [event for event in bank.world.events.told if event.type is EventType.PAID]

    assert all(opened_dispute(event, bank.world.books) is not None for event in told)
    live = [replace(event, environment=Environment.LIVE) for event in told]
    assert [opened_dispute(event, bank.world.books) for event in live] == [None]


def test_an_unknown_dispute_is_not_found(bank: Bank) -> None:
    with pytest.raises(NotFound):
        bank.disputes.get(bank.dispute_id)


# ---- whose payment it is ----


def known_as(bank: Bank, number: str) -> str:
    """A sale that Stripe calls ``number``."""
    payment_id = bank.sold()
    payment = bank.world.payments.get(PaymentId(payment_id))
    known = frozenset({PspReference("stripe", number)})
    assert bank.world.payments.save(Change(payment, references=known)) is None
    return payment_id


def test_a_dispute_finds_its_payment_by_the_psps_own_number() -> None:
    bank = Bank()
    payment_id = known_as(bank, "pi_123")

    dispute = bank.hears(bank.notice(source=Source.STRIPE, payment_ids=("ch_0", "pi_123")))

    assert dispute is not None
    assert dispute.payment_id == payment_id


def test_a_number_of_two_payments_or_of_another_psp_or_environment_names_none() -> None:
    bank = Bank()
    known_as(bank, "pi_1")
    known_as(bank, "pi_2")
    known_as(bank, "pi_2")
    says = bank.notice(source=Source.STRIPE, payment_ids=("pi_1",))

    assert bank.hears(replace(says, payment_ids=("pi_2",))) is None
    assert bank.hears(replace(says, source=Source.PAYPAL)) is None
    assert bank.hears(replace(says, environment=Environment.LIVE)) is None
    assert bank.hears(says) is not None
