"""A voucher that is looked at before anything is chosen: its worth is told, and nothing else happens."""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.errors import IllegalTransition, OutcomeUnknown, TooManyTries
from shared.domain.payment import Status, Tender
from shared.domain.voucher import MAX_VOUCHER_CHECKS, Validation
from shared.usecases.payment.check_voucher import check_voucher
from tests.unit.usecases.moody import a_moody_till, is_down
from tests.unit.usecases.till import Till
from tools.testing.builders import euro


@pytest.fixture
def till() -> Till:
    made = Till()
    made.held()
    return made


def check(till: Till, otp: str) -> Validation | None:
    return check_voucher(till.payment, otp, world=till.world).said


def test_a_good_voucher_is_told_with_its_worth_and_stays_whole(till: Till) -> None:
    found = check(till, "V5000-A1")

    assert found is not None
    assert (found.valid, found.value) == (True, euro(50_00))
    assert (till.used("V5000-A1"), till.voucher("V5000-A1")["spent"]) == (0, 0)


@pytest.mark.parametrize(
    ("otp", "code"), [("nonsense", "100"), ("V10-INVALID", "101"), ("V10-EXPIRED", "102"), ("V10-USED", "103")]
)
def test_a_bad_one_is_told_with_its_reason(till: Till, otp: str, code: str) -> None:
    found = check(till, otp)

    assert found is not None
    assert (found.valid, found.code) == (False, code)


def test_nothing_of_the_payment_changes_but_the_count(till: Till) -> None:
    before = till.payment
    check(till, "V5000-A1")
    after = till.payment

    assert after.voucher_checks == before.voucher_checks + 1
    assert (after.status, after.vouchers, after.operations, after.voucher_tries) == (
        before.status,
        before.vouchers,
        before.operations,
        before.voucher_tries,
    )
    assert (after.task_token, after.due_at, after.sequence) == (before.task_token, before.due_at, before.sequence)


def test_a_voucher_that_was_looked_at_still_pays(till: Till) -> None:
    check(till, "V5000-A1")
    check(till, "V5000-A1")

    payment = till.spend("V5000-A1")

    assert payment.status is Status.SUCCESS
    assert (till.used("V5000-A1"), payment.captured) == (50_00, euro(100_00))


def test_an_issuer_that_does_not_answer_is_no_word_about_the_voucher() -> None:
    till, gateways = a_moody_till()
    till.held()
    for mood in (is_down, _loses_its_answer):
        gateways.moods["validate"] = mood
        assert check(till, "V5000-A1") is None
    assert till.payment.voucher_checks == 2


def _loses_its_answer(*_: Any) -> Any:
    raise OutcomeUnknown("no answer")


def test_an_issuer_is_asked_twenty_times_for_one_payment_and_the_choice_stays_open(till: Till) -> None:
    for n in range(MAX_VOUCHER_CHECKS):
        check(till, f"V100-N{n}")

    with pytest.raises(TooManyTries):
        check(till, "V100-LAST")
    assert till.voucher("V100-LAST") == {}
    assert till.spend("V100-N1").status is Status.SUCCESS


def test_checks_that_come_at_once_are_all_counted(till: Till) -> None:
    seen = till.payment

    for n in range(3):
        check_voucher(seen, f"V100-N{n}", world=till.world)  # each has read the payment before the others wrote

    assert till.payment.voucher_checks == 3


def test_nothing_is_looked_at_before_the_card_is_held_or_after_the_choice() -> None:
    till = Till()
    till.open()
    with pytest.raises(IllegalTransition):
        check(till, "V5000-A1")
    till.pay_by_card()
    till.choose(Tender.CARD_ONLY)
    with pytest.raises(IllegalTransition):
        check(till, "V5000-A1")


def test_nothing_is_looked_at_when_the_time_is_over(till: Till) -> None:
    till.world.now.advance(days=1)

    with pytest.raises(IllegalTransition) as refused:
        check(till, "V5000-A1")
    assert refused.value.error_code == "expired"
