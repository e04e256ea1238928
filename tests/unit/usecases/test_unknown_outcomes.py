"""Answers that are lost, late or refused: asked about ever more rarely, sent once, and shown when nothing helps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import Mode, Payment, Status, Tender
from shared.usecases.flow.capture_card import capture_card
from shared.usecases.flow.spend_vouchers import spend_vouchers
from shared.usecases.payment.end_checkout import cancel_checkout
from tests.unit.usecases.moody import (
    MoodyGateways,
    a_moody_till,
    is_down,
    is_pending,
    lets_nobody_in,
    says_nothing,
)
from tests.unit.usecases.till import Till


def test_gateway_that_is_down_for_days_while_a_checkout_closes_is_asked_ever_more_rarely() -> None:
    till, gateways = a_moody_till()
    till.open()
    gateways.moods["close_page"] = is_down

    till.wait(timedelta(days=2).total_seconds())

    assert len(gateways.times("close_page")) < 200
    assert till.payment.executions == 1

    gateways.moods.clear()
    till.wait(7200)

    assert till.state == "FAILED"
    assert till.execution == "SUCCEEDED"


def test_checkout_that_was_cancelled_before_its_deadline_closes_its_page_ever_more_rarely_too() -> None:
    till, gateways = a_moody_till()
    till.open()
    gateways.moods["close_page"] = is_down
    cancel_checkout(till.payment, world=till.world)
    till.machines.pump()

    till.wait(1200)

    assert len(gateways.times("close_page")) < 30
    gateways.moods.clear()
    till.wait(1200)
    assert till.state == "FAILED"


def test_nobody_waits_longer_because_others_asked_too() -> None:
    till, gateways = a_moody_till()
    till.held()
    gateways.moods |= {"capture": says_nothing, "lookup": is_pending}
    till.choose(Tender.CARD_ONLY)
    till.wait(64)

    steps = [capture_card(till.id, world=till.world) for _ in range(10)]

    assert [step.wait_seconds for step in steps] == [64] * 10


def test_housekeeping_comes_no_later_because_others_looked_before_it_was_due() -> None:
    till, gateways = a_moody_till()
    till.held()
    till.card_only()
    gateways.moods |= {"refund": says_nothing, "lookup": is_pending}
    till.refund()
    for _ in range(8):
        till.look()
    till.wait(70)
    gateways.moods.clear()

    till.wait(200)

    assert till.payment.open_legs == ()


def test_gateway_that_lets_nobody_in_is_asked_ever_more_rarely_shown_after_a_day_and_the_books_end_even() -> None:
    """As one that closed the merchant's account, or took a right from its key: nothing moves or is guessed."""
    till, gateways = a_moody_till()
    till.held()
    gateways.moods |= dict.fromkeys(("capture", "lookup", "void", "close_page"), lets_nobody_in)
    till.choose(Tender.CARD_ONLY)

    till.wait(timedelta(hours=23).total_seconds())
    assert (till.state, till.payment.attention) == ("PROCESSING", None)
    till.wait(timedelta(days=2).total_seconds())

    assert (till.state, till.payment.attention) == ("PROCESSING", "OUTCOME_UNKNOWN")
    assert len(gateways.asked) < 200
    gateways.moods.clear()
    till.wait(7200)
    assert (till.state, till.payment.attention) == ("SUCCESS", None)
    assert till.payment.captured == till.payment.amount
    assert till.operations(Kind.CAPTURE) == ["SUCCEEDED"]


@pytest.mark.parametrize("kind", ["refund", "late sale", "notification"])
def test_unknown_outcome_is_asked_about_within_a_minute_and_then_ever_more_rarely(kind: str) -> None:
    till, gateways = a_moody_till()
    name = "lookup"
    if kind == "refund":
        till.held()
        till.card_only()
        gateways.moods |= {"refund": says_nothing, "lookup": is_pending}
        till.refund()
    elif kind == "late sale":
        till.open(mode=Mode.SALE_DIRECT)
        till.enter_card()
        till.world.now.advance(minutes=31)
        gateways.moods |= {"refund": says_nothing, "lookup": is_pending}
        till.hear()
    else:
        name = "notify"
        gateways.moods["notify"] = is_down
        till.held()
        till.spend("V3000-A1")
        till.wait(30)
        assert till.state == "SUCCESS"
    gateways.asked.clear()

    till.wait(timedelta(days=1).total_seconds())

    asked = gateways.times(name)
    assert 20 <= len(asked) <= 40
    gateways.moods.clear()
    till.wait(3700)
    assert not till.payment.open_operations()
    assert not till.payment.open_legs
    assert till.payment.due_at is None


def test_operation_that_somebody_else_is_sending_is_left_alone() -> None:
    till = Till()
    till.open(mode=Mode.SALE_DIRECT)
    till.enter_card()
    till.world.now.advance(minutes=31)
    real = till.world.gateways
    gateways = MoodyGateways(real, clock=till.world.now)
    object.__setattr__(till.world, "gateways", gateways)

    def meanwhile(*given: Any) -> Any:
        gateways.moods.clear()
        till.look()
        return real.card(till.payment).refund(*given)

    gateways.moods["refund"] = meanwhile
    till.hear()

    assert gateways.times("lookup") == []
    assert till.in_book()[4] == 150_00


def test_late_void_is_not_sent_again_by_a_machine() -> None:
    till, gateways = a_moody_till()
    till.open()
    gateways.moods["close_page"] = lambda payment: gateways.inner.card(payment).page_outcome(payment)
    till.wait(1900)
    assert till.state == "FAILED"

    gateways.moods |= {"void": says_nothing, "lookup": is_pending}
    till.enter_card()  # at a gateway whose page cannot be closed
    till.hear()
    assert till.operations(Kind.VOID) == ["UNKNOWN"]
    till.wait(3600)
    gateways.moods.clear()
    till.wait(3700)

    assert till.state == "FAILED"
    assert till.in_book() == (150_00, 0, 0, 150_00, 0)
    assert till.operations(Kind.VOID) == ["SUCCEEDED"]
    assert till.payment.executions == 1


@pytest.mark.parametrize(
    ("mode", "attention"),
    [(Mode.PREAUTH_VOUCHER_CAPTURE, "HOLD_NOT_RELEASED"), (Mode.SALE_DIRECT, "LATE_PAYMENT_NOT_REFUNDED")],
)
def test_late_money_that_the_gateway_keeps_is_shown(mode: Mode, attention: str) -> None:
    till, gateways = a_moody_till()
    gateways.moods["close_page"] = lambda payment: gateways.inner.card(payment).page_outcome(payment)
    till.open(mode=mode)
    till.wait(1900)
    refused = Answer(State.REFUSED, "097", "No")
    gateways.moods |= {"void": lambda *given: refused, "refund": lambda *given: refused}
    till.enter_card()

    payment = till.hear()

    assert payment.status is Status.FAILED
    assert payment.attention == attention
    assert till.wait(7200).due_at is None


def test_page_that_cannot_be_closed_is_watched_for_a_day_after_the_end() -> None:
    till, gateways = a_moody_till()
    gateways.moods["close_page"] = lambda payment: gateways.inner.card(payment).page_outcome(payment)
    till.open()
    till.wait(1900)
    assert till.state == "FAILED"
    till.enter_card()  # nobody brings the news

    till.wait(3700)

    assert till.in_book() == (150_00, 0, 0, 150_00, 0)
    assert till.operations(Kind.VOID) == ["SUCCEEDED"]
    assert till.payment.due_at is None


def test_page_that_nobody_paid_on_is_let_go_after_a_day_once_its_gateway_could_be_asked() -> None:
    till, gateways = a_moody_till()
    gateways.moods["close_page"] = lambda payment: gateways.inner.card(payment).page_outcome(payment)
    till.open()
    till.wait(1900)
    gateways.moods["close_page"] = is_down

    till.wait(timedelta(days=2).total_seconds())

    assert till.payment.due_at is not None
    gateways.moods.clear()
    assert till.wait(3700).due_at is None


def test_page_that_was_closed_is_not_watched() -> None:
    till = Till()
    till.open()

    assert till.wait(1900).status is Status.FAILED
    assert till.payment.due_at is None


def test_spend_that_an_old_visit_may_still_send_is_not_called_not_sent() -> None:
    till, gateways = a_moody_till()
    till.held()
    gateways.moods["spend"] = says_nothing
    till.choose(Tender.VOUCHERS, "V3000-A1", "V3000-SPENDFAIL1")
    slow = gateways.inner.voucher(till.payment, till.payment.provider)
    refused: list[str] = []

    def meanwhile(payment: Payment, *given: Any) -> Answer:
        """This visit is about to send the first voucher when another one comes by, to which the second is refused."""
        gateways.moods.clear()
        refused.append(spend_vouchers(payment.id, world=till.world).word)
        answer: Answer = slow.spend(payment, *given)
        return answer

    gateways.moods["spend"] = meanwhile
    till.wait(600)

    assert refused == ["unknown"]
    assert till.used("V3000-A1") == 0
    assert till.state == "VOUCHER_FAILED"
