"""What a merchant says to a dispute reaches its PSP: once, in time, and nobody guesses whether it did."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.answering import Takes
from shared.domain.attention import DISPUTE_ANSWER_NOT_TAKEN
from shared.domain.dispute import Actor, Purpose
from shared.domain.errors import IllegalTransition, InvalidRequest
from shared.domain.operation import HANDLER_TIMEOUT, Operation, State
from shared.domain.statuses import DisputeStatus
from shared.usecases.dispute.pass_on import LONGEST, pass_on
from shared.usecases.dispute.respond_dispute import add_evidence
from tests.unit.disputes.bank import DAY, Bank
from tools.testing.fakes import NOON, FakeDesk, FakeDesks

S = DisputeStatus
MINUTE = timedelta(minutes=1)


class Desked(Bank):
    """A bank whose PSP takes answers, and a dispute of a sold order."""

    def __init__(self, takes: Takes | None = None) -> None:
        super().__init__()
        self.desk = FakeDesk(takes or Takes())
        self.desks = FakeDesks(self.desk)
        self.sold()
        self.says()

    def passes(self, time: timedelta = MINUTE) -> None:
        self.world.now.advance(time.total_seconds())
        assert self.sweep() == []

    @property
    def sending(self) -> Operation:
        sending = self.dispute.responses[-1].sending
        assert sending is not None
        return sending


@pytest.fixture
def bank() -> Desked:
    return Desked()


def test_an_answer_is_written_first_and_sent_by_housekeeping(bank: Desked) -> None:
    answered = bank.answer()

    assert (answered.status, bank.sending.state, dict(bank.desk.heard)) == (S.UNDER_REVIEW, State.PENDING, {})
    bank.passes()
    assert (bank.sending.state, bank.desk.heard[bank.sending.key]) == (State.SUCCEEDED, 1)
    assert bank.dispute.status is S.UNDER_REVIEW
    assert bank.dispute.due_at is None
    bank.passes(DAY)
    assert bank.desk.heard[bank.sending.key] == 1


def test_what_is_accepted_is_sent_as_that(bank: Desked) -> None:
    bank.answer("", accepts=True)
    bank.passes()

    ((response, exhibits),) = bank.desk.said
    assert (response.accepts, exhibits, bank.sending.state) == (True, (), State.SUCCEEDED)


def test_the_files_go_along_as_they_were_when_the_answer_named_them(bank: Desked) -> None:
    file, _, fields = add_evidence(
        bank.dispute,
        "a.pdf",
        "application/pdf",
        10,
        world=bank.world,
        disputes=bank.disputes,
        files=bank.files,
        desks=bank.desks,
        seed=b"f" * 64,
        purpose=Purpose.RECEIPT,
    )
    bank.files.upload(fields["key"])
    bank.answer("See", file.id)
    bank.files.upload(fields["key"])  # changes nothing of what was said

    bank.passes()

    ((_, (exhibit,)),) = bank.desk.said
    assert (exhibit.name, exhibit.purpose, exhibit.content) == (
        "a.pdf",
        Purpose.RECEIPT,
        f"version-1 of {fields['key']}".encode(),
    )


def test_a_lost_word_is_asked_about_and_the_answer_is_not_sent_again(bank: Desked) -> None:
    bank.desk.does = ["lost"]
    bank.answer()
    bank.passes()
    assert bank.sending.state is State.UNKNOWN

    bank.passes()

    assert (bank.sending.state, bank.desk.heard[bank.sending.key], bank.desk.asked) == (State.SUCCEEDED, 1, 1)


def test_what_never_arrived_is_sent_again_after_asking(bank: Desked) -> None:
    bank.desk.does = ["down", "down"]
    bank.answer()
    bank.passes()
    bank.passes()
    assert (bank.sending.state, bank.desk.asked) == (State.UNKNOWN, 1)

    bank.passes(10 * MINUTE)

    assert (bank.sending.state, bank.desk.heard[bank.sending.key]) == (State.SUCCEEDED, 1)


def test_who_sends_it_now_is_left_alone_and_who_died_at_it_is_asked_after(bank: Desked) -> None:
    bank.answer()
    real = bank.desk.answer

    def dies(*given: Any) -> Any:
        real(*given)
        raise MemoryError

    bank.desk.answer = dies  # type: ignore[method-assign,assignment]
    with pytest.raises(MemoryError):
        pass_on(bank.dispute, world=bank.world, disputes=bank.disputes, desks=bank.desks, files=bank.files)
    bank.desk.answer = real  # type: ignore[method-assign]
    bank.sweep()
    assert (bank.desk.asked, bank.sending.is_open) == (0, True)

    bank.passes(HANDLER_TIMEOUT)

    assert (bank.sending.state, bank.desk.heard[bank.sending.key]) == (State.SUCCEEDED, 1)


def test_a_refused_answer_was_not_said_and_the_deadline_runs_on(bank: Desked) -> None:
    bank.desk.does = ["refuse"]
    bank.answer()
    bank.passes()

    assert (bank.sending.state, bank.sending.code) == (State.REFUSED, "too_late")
    assert (bank.stands, bank.dispute.status_by(NOON + MINUTE)) == ("OPEN", Actor.PSP)
    assert bank.payment.attention == DISPUTE_ANSWER_NOT_TAKEN
    bank.answer("Once more")
    assert bank.payment.attention is None
    bank.passes()
    assert (bank.sending.state, len(bank.desk.said)) == (State.SUCCEEDED, 1)


def test_a_refused_answer_expires_with_its_deadline(bank: Desked) -> None:
    bank.desk.does = ["refuse"]
    bank.answer()
    bank.passes()

    bank.passes(15 * DAY)

    assert bank.stands == "EXPIRED"
    assert bank.dispute.turns[-1].by is Actor.CLOCK


def test_what_the_bank_said_meanwhile_stays_when_an_answer_is_refused(bank: Desked) -> None:
    bank.desk.does = ["refuse"]
    bank.answer()
    bank.says(S.UNDER_REVIEW, at=5)

    bank.passes(6 * MINUTE)

    assert (bank.stands, bank.sending.state) == ("UNDER_REVIEW", State.REFUSED)


def test_what_was_decided_before_it_could_be_sent_is_not_sent(bank: Desked) -> None:
    bank.answer()
    bank.says(S.LOST, at=1)

    bank.passes()

    assert (bank.sending.state, bank.sending.code, bank.desk.said) == (State.REFUSED, "dispute_closed", [])
    assert (bank.stands, bank.payment.attention) == ("LOST", None)


def test_a_psp_that_never_answers_is_a_persons_after_a_day_and_given_up_after_a_month(bank: Desked) -> None:
    bank.desk.does = ["down"] * 2000
    bank.answer()
    for _ in range(3):
        bank.passes(9 * 60 * MINUTE)
    assert (bank.sending.state, bank.payment.attention) == (State.UNKNOWN, DISPUTE_ANSWER_NOT_TAKEN)

    bank.passes(LONGEST)

    assert (bank.sending.state, bank.sending.code, bank.dispute.due_at) == (State.REFUSED, "no_answer", None)


def test_attention_passes_when_the_answer_has_arrived_after_all(bank: Desked) -> None:
    bank.desk.does = ["down"] * 3
    bank.answer()
    for _ in range(3):
        bank.passes(12 * 60 * MINUTE)
    assert bank.payment.attention == DISPUTE_ANSWER_NOT_TAKEN

    bank.passes(60 * MINUTE)

    attention: str | None = bank.payment.attention
    assert (bank.sending.state, attention) == (State.SUCCEEDED, None)


def test_close_to_the_deadline_it_is_tried_again_sooner(bank: Desked) -> None:
    bank.world.now.advance((14 * DAY - 40 * MINUTE).total_seconds())
    bank.desk.does = ["down"] * 40
    bank.answer()
    tries = 0
    for _ in range(39):
        before = len(bank.desk.does)
        bank.passes()
        tries += before != len(bank.desk.does)

    assert tries > 7  # a wait that doubles would have come to six
    assert bank.dispute.send_at is not None
    assert bank.dispute.deadline is not None
    assert bank.dispute.send_at <= bank.dispute.deadline


def test_an_answer_that_its_psp_would_not_take_is_refused_at_once_and_nothing_is_lost() -> None:
    bank = Desked(Takes(longest_text=10, types=("application/pdf",)))

    with pytest.raises(InvalidRequest) as refused:
        bank.answer("longer than that")
    assert refused.value.error_code == "response_too_long"
    assert (bank.stands, bank.dispute.responses) == ("OPEN", ())
    with pytest.raises(InvalidRequest) as refused:
        add_evidence(
            bank.dispute,
            "a.txt",
            "text/plain",
            1,
            world=bank.world,
            disputes=bank.disputes,
            files=bank.files,
            desks=bank.desks,
            seed=b"t" * 64,
        )
    assert refused.value.error_code == "file_type"


def test_without_a_desk_a_person_brings_it() -> None:
    bank = Bank()
    bank.sold()
    bank.says()

    answered = bank.answer()

    assert (answered.responses[0].sending, answered.due_at) == (None, None)
    with pytest.raises(IllegalTransition):
        bank.answer("", accepts=True)  # something else was said
