"""A gateway accepts a charge and settles it later: the payment goes on, and may have been wrong to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import Status, Tender
from shared.families.payglobe.payments import shown
from tests.unit.usecases.moody import a_moody_till, says_nothing
from tests.unit.usecases.till import Till
from tools.testing.builders import euro

SETTLES_LATER = "4000000000000150"
RETURNED_LATER = "4000000000000168"
ACCEPTED = Answer(State.SUCCEEDED, "00", "Accepted", "REF_1", final=False)


def captured(number: str) -> Till:
    till = Till()
    till.held(number)
    till.choose(Tender.CAPTURE)
    return till


def test_the_payment_goes_on_as_captured_and_says_that_it_may_fail_yet() -> None:
    till = captured(SETTLES_LATER)

    assert till.state == "SUCCESS"
    assert [op["provisional"] for op in shown(till.payment, full=True)["operations"]] == [False, True]  # type: ignore[attr-defined]
    assert till.payment.due_at is not None


def test_what_stands_in_the_end_is_final_and_nobody_looks_any_more() -> None:
    till = captured(SETTLES_LATER)

    payment = till.wait(3700)

    assert (payment.status, payment.provisional, payment.due_at) == (Status.SUCCESS, [], None)
    assert payment.attention is None


def test_what_is_returned_is_an_operation_of_its_own_and_a_person_and_the_merchant_are_told() -> None:
    till = captured(RETURNED_LATER)
    told = len(till.told())

    payment = till.wait(3700)

    assert (payment.status, payment.attention, payment.due_at) == (Status.SUCCESS, "CHARGE_RETURNED", None)
    capture, gone = payment.operations[-2:]
    assert (capture.kind, capture.state) == (Kind.CAPTURE, State.SUCCEEDED)
    assert (gone.key, gone.amount, gone.code) == (f"{capture.key}:returned", euro(150_00), "R01")
    assert payment.refundable == euro(0)
    assert (payment.captured, payment.returned) == (euro(150_00), euro(150_00))
    assert till.told()[told:] == [("payment_intent.payment_failed", "CAPTURE")]
    assert till.look() == payment


def test_what_was_refunded_before_it_was_returned_is_reserved_no_further() -> None:
    till = captured(RETURNED_LATER)
    till.refund(euro(40_00))

    payment = till.wait(3700)

    assert payment.attention == "CHARGE_RETURNED"
    assert sum(payment.given_back.values()) == 150_00
    assert payment.refundable == euro(0)


def test_it_is_asked_about_hourly_for_five_days_and_then_by_a_person() -> None:
    till, gateways = a_moody_till()
    till.held()
    gateways.moods |= {"capture": lambda *given: ACCEPTED, "lookup": lambda *given: ACCEPTED}
    till.choose(Tender.CAPTURE)

    till.wait(timedelta(days=2).total_seconds())
    assert 45 <= len(gateways.times("lookup")) <= 50
    payment = till.wait(timedelta(days=4).total_seconds())

    assert (payment.attention, payment.due_at, payment.status) == ("OUTCOME_UNKNOWN", None, Status.SUCCESS)
    assert len(gateways.times("lookup")) <= 125


@pytest.mark.parametrize("silence", [says_nothing, lambda *given: None])
def test_silence_says_nothing(silence: Any) -> None:
    till, gateways = a_moody_till()
    till.held(RETURNED_LATER)
    till.choose(Tender.CAPTURE)
    gateways.moods["lookup"] = silence
    before = till.payment.operations

    assert till.wait(7200).operations == before
    gateways.moods.clear()
    assert till.wait(3700).attention == "CHARGE_RETURNED"


def test_a_refund_that_is_only_accepted_is_none_yet() -> None:
    till, gateways = a_moody_till()
    till.held()
    till.choose(Tender.CAPTURE)
    gateways.moods |= {"refund": lambda *given: ACCEPTED, "lookup": lambda *given: ACCEPTED}

    till.refund(euro(30_00))
    assert (till.state, till.payment.refunded) == ("SUCCESS", 0)
    assert till.payment.refundable == euro(120_00)
    gateways.moods["lookup"] = lambda *given: Answer(State.REFUSED, "R01", "Returned")

    assert till.wait(120).refundable == euro(150_00)


def test_a_release_that_is_only_accepted_is_asked_about() -> None:
    till, gateways = a_moody_till()
    till.held()
    gateways.moods |= {"void": lambda *given: ACCEPTED, "lookup": lambda *given: ACCEPTED}
    till.choose(Tender.VOID)
    assert till.operations(Kind.VOID) == ["UNKNOWN"]
    gateways.moods["lookup"] = lambda *given: Answer(State.SUCCEEDED, "00", "Done", "REF_1")

    assert till.wait(300).status is Status.VOIDED
