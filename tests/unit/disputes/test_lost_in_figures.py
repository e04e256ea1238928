"""What banks take in lost disputes, in a merchant's sums: once, with its tender, and off again when given back."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.dispute import TAKEN
from shared.domain.event import DisputeFacts
from shared.domain.figures import Figures, HourOf, figures_of
from shared.domain.payment import Mode
from shared.domain.statuses import DisputeStatus
from shared.usecases.dispute import change_dispute
from tests.unit.disputes.bank import DAY, Bank, in_yen
from tools.testing.builders import euro

S = DisputeStatus


@pytest.fixture
def bank() -> Bank:
    bank = Bank()
    bank.sold()
    return bank


def of_disputes(bank: Bank) -> list[HourOf]:
    """What each event about a dispute adds, in order."""
    told = (event for event in bank.world.events.told if event.facts.dispute is not None)
    return [added for event in told if (added := figures_of(event)) is not None]


def lost(bank: Bank) -> int:
    """As the sums have it. Disputes that are lost hold exactly that."""
    found = sum(hour.figures.lost for hour in of_disputes(bank))
    assert found == sum(each.held for each in bank.disputes.all() if each.status in TAKEN)
    return found


def test_a_lost_dispute_is_lost_once_and_an_open_one_not_yet(bank: Bank) -> None:
    bank.says()
    assert of_disputes(bank) == []

    bank.says(S.LOST, 1)
    bank.says(S.LOST, 1)

    (added,) = of_disputes(bank)
    assert (added.currency, added.figures) == ("EUR", Figures(lost=50_00))
    assert lost(bank) == bank.stats().taken.minor


def test_a_dispute_that_is_first_heard_of_as_lost_counts_once(bank: Bank) -> None:
    bank.says(S.LOST)

    assert [added.figures for added in of_disputes(bank)] == [Figures(lost=50_00)]


@pytest.mark.parametrize(
    ("words", "made"),
    [((S.LOST,), 1), ((S.OPEN, S.EVIDENCE_REQUIRED), 3), ((S.OPEN, S.LOST), 2)],
    ids=["opened as lost, two events", "opened, and changed from what it was", "opened, and closed"],
)
def test_what_a_change_tells_is_made_once_however_many_events_tell_it(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, words: tuple[DisputeStatus, ...], made: int
) -> None:
    calls: list[object] = []

    def counted(**facts: Any) -> DisputeFacts:
        calls.append(facts)
        return DisputeFacts(**facts)

    monkeypatch.setattr(change_dispute, "DisputeFacts", counted)

    for hour, word in enumerate(words):
        bank.says(word, hour)

    assert len(calls) == made


@pytest.mark.parametrize("end", [S.WON, S.CANCELLED])
def test_a_dispute_that_ends_well_takes_nothing(bank: Bank, end: DisputeStatus) -> None:
    bank.says()
    bank.says(end, 1)

    assert of_disputes(bank) == []


def test_what_the_bank_gives_back_after_all_is_off_the_sums(bank: Bank) -> None:
    bank.says(S.LOST)
    bank.says(S.WON, 1)

    assert [added.figures.lost for added in of_disputes(bank)] == [50_00, -50_00]
    assert lost(bank) == 0


def test_a_decided_dispute_that_begins_anew_is_not_lost_meanwhile(bank: Bank) -> None:
    bank.says(S.LOST)
    bank.says(S.EVIDENCE_REQUIRED, 1, reopens=True)
    assert lost(bank) == 0

    bank.says(S.LOST, 2)
    assert lost(bank) == 50_00


def test_a_lost_amount_that_changes_is_counted_as_it_is_then(bank: Bank) -> None:
    bank.says(S.LOST)
    bank.says(S.LOST, 1, amount=euro(60_00))

    assert [added.figures.lost for added in of_disputes(bank)] == [50_00, 10_00]


def test_what_the_clock_ended_is_lost_until_the_bank_says_otherwise(bank: Bank) -> None:
    bank.says()
    bank.later(bank.dispute.deadline or bank.world.now())
    bank.sweep()
    assert (bank.stands, lost(bank)) == (S.EXPIRED, 50_00)

    bank.says(S.LOST, 15 * DAY / timedelta(minutes=1))
    assert lost(bank) == 50_00
    bank.says(S.WON, 16 * DAY / timedelta(minutes=1))
    assert lost(bank) == 0


def test_in_another_currency_all_of_the_payment_is_lost_in_its_own(bank: Bank) -> None:
    bank.says(S.LOST, amount=in_yen(9_000))

    (added,) = of_disputes(bank)
    assert (added.currency, added.figures.lost) == ("EUR", 150_00)
    bank.says(S.LOST, 1, amount=euro(50_00))
    assert lost(bank) == 50_00


def test_what_was_paid_by_a_method_is_lost_by_it(bank: Bank) -> None:
    bank.change(mode=Mode.ALTERNATIVE)
    bank.says(S.LOST)

    assert [added.figures for added in of_disputes(bank)] == [Figures(lost=50_00, lost_method=50_00)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_in_whatever_order_its_messages_arrive_the_sums_end_the_same(order: tuple[int, ...]) -> None:
    bank = Bank()
    bank.sold()
    story = [bank.notice(), bank.notice(S.WON, 1), bank.notice(S.LOST, 2)]
    for number in order:
        bank.dispute_id = next(iter([d.id for d in [bank.hears(story[number])] if d]))

    assert lost(bank) == 50_00
