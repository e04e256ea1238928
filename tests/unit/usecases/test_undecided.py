"""A customer's bank does not know yet: the payment waits for it, and tells nobody a guess."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.domain.payment import Mode, Status
from shared.usecases.payment.record_card_outcome import ask_while_checked
from tests.unit.usecases.moody import a_moody_till
from tests.unit.usecases.till import Till

APPROVED_LATER = "4000000000000101"
REFUSED_LATER = "4000000000000127"


@pytest.mark.parametrize("mode", [Mode.PREAUTH_VOUCHER_CAPTURE, Mode.SALE_DIRECT])
class TestUndecided:
    def test_keeps_the_status_and_tells_nothing(self, mode: Mode) -> None:
        till = Till()
        before = till.open(mode=mode)

        payment = till.pay_by_card(APPROVED_LATER)

        assert (payment.status, payment.operations, till.told()) == (Status.PENDING, (), [])
        assert payment.is_being_checked
        assert payment.expires_at == before.expires_at + timedelta(minutes=15)

    def test_is_asked_about_by_housekeeping(self, mode: Mode) -> None:
        till = Till()
        till.open(mode=mode)
        till.pay_by_card(APPROVED_LATER)

        payment = till.wait(61)

        assert payment.status is (Status.CARD_PREAUTH_SUCCESS if mode.has_flow else Status.SUCCESS)
        assert not payment.is_being_checked

    def test_may_be_refused_in_the_end_and_another_card_accepted(self, mode: Mode) -> None:
        till = Till()
        till.open(mode=mode)
        till.pay_by_card(REFUSED_LATER)
        till.world.now.advance(seconds=21)

        payment = till.hear()

        assert (payment.status, payment.is_being_checked) == (Status.CARD_PREAUTH_FAILED, False)
        assert till.pay_by_card().card_tries == 2

    def test_puts_the_end_off_once_however_often_it_is_heard_and_however_many_cards(self, mode: Mode) -> None:
        till = Till()
        till.open(mode=mode)
        first = till.pay_by_card(REFUSED_LATER)

        assert till.hear() == first
        till.world.now.advance(seconds=21)
        till.hear()
        second = till.pay_by_card(APPROVED_LATER)

        assert second.is_being_checked
        assert second.expires_at == first.expires_at

    def test_ends_no_later_than_what_it_was_opened_by(self, mode: Mode) -> None:
        till = Till()
        ends = till.world.now() + timedelta(minutes=31)
        till.open(mode=mode, ends_by=ends)

        assert till.pay_by_card(APPROVED_LATER).expires_at == ends

    def test_is_asked_about_by_a_page_that_looks_for_a_minute(self, mode: Mode) -> None:
        till, gateways = a_moody_till()
        till.open(mode=mode)
        till.pay_by_card(APPROVED_LATER)
        payment = ask_while_checked(till.payment, world=till.world)
        assert payment.is_being_checked
        till.world.now.advance(seconds=61)

        before = len(gateways.times("page_outcome"))
        assert ask_while_checked(payment, world=till.world) == payment
        assert len(gateways.times("page_outcome")) == before
        till.world.now.advance(seconds=-40)
        assert not ask_while_checked(payment, world=till.world).is_being_checked

    def test_approved_after_the_end_goes_back(self, mode: Mode) -> None:
        till, gateways = a_moody_till()
        till.open(mode=mode)
        till.pay_by_card(APPROVED_LATER)
        undecided = gateways.inner.card(till.payment).page_outcome(till.payment)
        gateways.moods |= dict.fromkeys(("page_outcome", "close_page"), lambda payment: undecided)
        assert till.wait(2800).status is Status.FAILED
        assert not till.payment.page_settled
        gateways.moods.clear()

        payment = till.wait(4000)

        assert payment.status is Status.FAILED
        assert till.in_book() == ((150_00, 0, 0, 150_00, 0) if mode.has_flow else (0, 150_00, 0, 0, 150_00))
        assert payment.due_at is None

    def test_for_a_whole_day_after_the_end_is_a_persons_to_ask(self, mode: Mode) -> None:
        till, gateways = a_moody_till()
        till.open(mode=mode)
        till.pay_by_card(APPROVED_LATER)
        undecided = gateways.inner.card(till.payment).page_outcome(till.payment)
        gateways.moods |= dict.fromkeys(("page_outcome", "close_page"), lambda payment: undecided)

        payment = till.wait(100_000)

        assert (payment.status, payment.attention, payment.due_at) == (Status.FAILED, "OUTCOME_UNKNOWN", None)
