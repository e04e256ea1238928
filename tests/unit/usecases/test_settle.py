"""What nobody but a person can find out: it is said at once, and closed by that person's word."""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.errors import Conflict, InProgress, NobodyKnows, NotFound
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import Mode, Payment, Status
from shared.usecases.payment.settle import settle
from tests.unit.usecases.moody import MoodyGateways, a_moody_till, is_pending, says_nothing
from tests.unit.usecases.till import Till
from tools.testing.builders import euro

DONE = Answer(State.SUCCEEDED, "settled", "ada at this machine: seen in the acquirer's back office", "REF_1")
NOT_DONE = Answer(State.REFUSED, "settled", "ada at this machine: not in the acquirer's back office")


def nobody_knows(*given: Any) -> Any:
    raise NobodyKnows("this gateway answers no such question")


def with_a_lost_refund() -> tuple[Till, MoodyGateways, str]:
    till, gateways = a_moody_till()
    till.open(mode=Mode.SALE_DIRECT)
    till.pay_by_card()
    gateways.moods |= {"refund": says_nothing, "lookup": nobody_knows}
    till.refund(euro(30_00))
    till.wait(180)
    return till, gateways, till.payment.open_legs[0].partition("/")[2]


def told(till: Till, key: str, answer: Answer) -> Payment:
    return settle(till.payment.id, key, answer, world=till.world)


def test_a_lost_answer_that_cannot_be_asked_for_needs_a_person_at_once() -> None:
    till, _, _ = with_a_lost_refund()

    assert till.payment.attention == "OUTCOME_UNKNOWN"
    assert till.payment.refundable == euro(120_00)


@pytest.mark.parametrize(("answer", "refundable"), [(DONE, 120_00), (NOT_DONE, 150_00)], ids=["done", "not done"])
def test_a_persons_word_closes_it_and_the_rest_follows(answer: Answer, refundable: int) -> None:
    till, gateways, key = with_a_lost_refund()
    refunds = len(gateways.times("refund"))

    payment = told(till, key, answer)

    assert (payment.attention, payment.open_legs) == (None, ())
    assert payment.refundable == euro(refundable)
    assert payment.status is (Status.PARTIALLY_REFUNDED if answer is DONE else Status.SUCCESS)
    assert len(gateways.times("refund")) == refunds
    (refund,) = till.world.payments.refunds(payment.id)
    assert refund.legs[0].operation.message == answer.message


def test_what_was_given_to_a_person_is_not_sent_again_when_the_gateway_would_take_it_again() -> None:
    till, gateways, key = with_a_lost_refund()
    refunds = len(gateways.times("refund"))
    gateways.moods["lookup"] = lambda *given: None

    till.wait(7200)

    assert len(gateways.times("refund")) == refunds
    assert till.payment.attention == "OUTCOME_UNKNOWN"
    assert told(till, key, NOT_DONE).refundable == euro(150_00)


def test_a_capture_that_its_gateway_does_not_know_for_a_day_needs_a_person_until_it_does() -> None:
    till, gateways = a_moody_till()
    till.held()
    gateways.moods |= {"capture": says_nothing, "lookup": is_pending}
    till.card_only()
    till.wait(20 * 3600)
    assert till.payment.attention is None
    till.wait(8 * 3600)
    assert till.payment.attention == "OUTCOME_UNKNOWN"
    gateways.moods.clear()

    till.wait(3700)

    assert (till.state, till.payment.attention) == ("SUCCESS", None)


def test_a_capture_is_closed_by_a_persons_word_and_the_payment_goes_on() -> None:
    till, gateways = a_moody_till()
    till.held()
    gateways.moods |= {"capture": says_nothing, "lookup": nobody_knows}
    till.card_only()
    assert till.operations(Kind.CAPTURE) == ["UNKNOWN"]

    told(till, till.payment.key(Kind.CAPTURE, 1), NOT_DONE)
    gateways.moods.clear()

    till.wait(120)
    assert (till.state, till.payment.attention) == ("CARD_CAPTURE_FAILED", None)
    assert till.in_book() == (150_00, 0, 0, 150_00, 0)


def test_nothing_is_closed_twice_or_by_a_wrong_name() -> None:
    till, _, key = with_a_lost_refund()
    told(till, key, DONE)

    with pytest.raises(NotFound):
        told(till, key, NOT_DONE)
    with pytest.raises(Conflict):
        told(till, till.payment.key(Kind.SALE, 1), NOT_DONE)
    with pytest.raises(NotFound):
        told(till, "TXN_1:CAPTURE:9", DONE)


def test_what_is_being_sent_at_this_moment_is_nobodys_to_close() -> None:
    till, gateways = a_moody_till()
    till.open(mode=Mode.SALE_DIRECT)
    till.pay_by_card()
    refused: list[type[BaseException]] = []

    def meanwhile(*given: Any) -> Any:
        with pytest.raises(InProgress) as caught:
            told(till, till.payment.open_legs[0].partition("/")[2], NOT_DONE)
        refused.append(caught.type)
        return DONE

    gateways.moods["refund"] = meanwhile
    till.refund(euro(30_00))

    assert refused == [InProgress]
    assert till.payment.refunded == 30_00
