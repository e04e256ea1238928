"""The sale modes: one operation, no machine, nothing to choose."""

from __future__ import annotations

import pytest

from shared.domain.errors import IllegalTransition
from shared.domain.operation import Kind
from shared.domain.payment import Ending, Failure, Mode, Status, Tender
from tests.unit.usecases.till import DECLINED, Till


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.mark.parametrize("mode", [Mode.SALE_DIRECT, Mode.SALE_WITH_TOKENIZATION])
class TestSale:
    def test_card_is_charged_at_once_and_no_machine_runs(self, till: Till, mode: Mode) -> None:
        till.open(mode=mode)

        payment = till.pay_by_card()

        assert payment.status is Status.SUCCESS
        assert till.in_book()[:2] == (0, 150_00)
        assert till.machines.states == []
        assert till.told() == [("payment_intent.succeeded", "SALE"), ("checkout.session.completed", "SALE")]
        assert payment.due_at is None
        assert payment.card is not None
        outcome = till.world.gateways.card(payment).page_outcome(payment)
        assert (outcome.token is not None) == (mode is Mode.SALE_WITH_TOKENIZATION)

    def test_nothing_can_be_chosen(self, till: Till, mode: Mode) -> None:
        till.open(mode=mode)
        till.pay_by_card()

        for tender in Tender:
            with pytest.raises(IllegalTransition):
                till.choose(tender, *(["V100-A1"] if tender is Tender.VOUCHERS else []))

    def test_decline_then_another_card(self, till: Till, mode: Mode) -> None:
        till.open(mode=mode)
        assert till.pay_by_card(DECLINED).status is Status.CARD_PREAUTH_FAILED

        assert till.pay_by_card().status is Status.SUCCESS

    def test_expires_by_housekeeping(self, till: Till, mode: Mode) -> None:
        till.open(mode=mode)

        assert till.wait(1900).status is Status.FAILED
        assert till.book()["closed"] is True
        assert till.payment.due_at is None

    def test_cancelled(self, till: Till, mode: Mode) -> None:
        till.open(mode=mode)
        till.page.cancel(till.payment.page_id)

        assert till.hear().status is Status.FAILED

    def test_cancelled_by_somebody_who_died_half_way_is_over_after_a_look(self, till: Till, mode: Mode) -> None:
        till.open(mode=mode)
        till.change(ending=Ending.CANCELLED, failure=Failure("cancelled", "The customer cancelled"))

        payment = till.look()

        assert (payment.status, payment.failure and payment.failure.code) == (Status.FAILED, "cancelled")
        assert till.book()["closed"] is True

    def test_charged_too_late_is_refunded_and_stays_failed(self, till: Till, mode: Mode) -> None:
        till.open(mode=mode)
        till.enter_card()
        till.world.now.advance(minutes=31)

        payment = till.hear()

        assert payment.status is Status.FAILED
        assert till.in_book() == (0, 150_00, 0, 0, 150_00)
        assert till.operations(Kind.REFUND) == ["SUCCEEDED"]
        assert [event for event, _ in till.told()] == ["payment_intent.payment_failed", "checkout.session.completed"]
