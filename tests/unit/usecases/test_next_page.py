"""An acquirer's card page is spent by one try, and the payment's next page takes its place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.errors import IllegalTransition, TooManyTries, Unavailable
from shared.domain.payment import MAX_CARD_TRIES, Payment, Status
from shared.ports.connectors import Page, PageOutcome, PageRequest, PageState
from shared.usecases.payment.card_page import page_to_pay_on
from tests.unit.usecases.moody import a_moody_till, says_nothing
from tests.unit.usecases.till import DECLINED, Till


class Acquirer:
    """A till whose gateway shows pages of its own, each of which takes one card."""

    def __init__(self) -> None:
        self.till, self.gateways = a_moody_till()
        self.requests: list[PageRequest] = []
        self.sandbox: Any = self.gateways.inner.card(self.till.open())
        self.gateways.moods |= {"open_page": self._open, "page_outcome": self._outcome}
        self.till.open()

    def _open(self, request: PageRequest) -> Page:
        self.requests.append(request)
        self.sandbox.open_page(request)
        url = f"https://acquirer.example/{request.page_id}"
        return Page(request.page_id, url=url, handle={"shop": f"S{request.try_number}"}, framable=False)

    def _outcome(self, payment: Payment) -> PageOutcome:
        outcome: PageOutcome = self.sandbox.page_outcome(payment)
        return replace(outcome, closed=outcome.closed or outcome.state is PageState.DECLINED)

    def visit(self) -> Payment:
        """Somebody's browser asks for a page to pay on."""
        return page_to_pay_on(self.till.payment, world=self.till.world)


@pytest.fixture
def acquirer() -> Acquirer:
    return Acquirer()


def test_the_customer_is_led_to_an_acquirers_page_through_our_own_door(acquirer: Acquirer) -> None:
    payment = acquirer.till.payment

    assert payment.redirect_url == (
        f"https://pages.example/paymentgw/checkout/card/{payment.id}?paymentID={payment.page_id}"
    )
    assert payment.card_page is not None
    assert payment.card_page.url == f"https://acquirer.example/{payment.page_id}"
    assert (payment.card_page.number, payment.card_page.handle) == (1, {"shop": "S1"})
    assert "acquirer" not in repr(payment)
    assert acquirer.requests[0].expires_at == payment.expires_at


def test_a_page_that_takes_a_card_stays_the_one(acquirer: Acquirer) -> None:
    before = acquirer.till.payment

    assert acquirer.visit() == before
    assert len(acquirer.requests) == 1


def test_a_declined_card_has_spent_the_page_and_the_next_visit_opens_another(acquirer: Acquirer) -> None:
    first = acquirer.till.payment
    acquirer.till.pay_by_card(DECLINED)

    after = acquirer.visit()

    assert after.page_id != first.page_id
    assert after.redirect_url.endswith(f"/checkout/card/{after.id}?paymentID={after.page_id}")
    assert after.card_page is not None
    assert (after.card_page.number, after.card_page.handle) == (2, {"shop": "S2"})
    assert (after.status, acquirer.visit().page_id) == (Status.CARD_PREAUTH_FAILED, after.page_id)
    assert acquirer.till.pay_by_card().status is Status.CARD_PREAUTH_SUCCESS
    assert [op.key.rpartition(":")[2] for op in acquirer.till.payment.operations] == ["1", "2"]


def test_a_decline_nobody_told_us_of_is_recorded_before_the_next_page_opens(acquirer: Acquirer) -> None:
    acquirer.till.enter_card(DECLINED)

    after = acquirer.visit()

    assert (after.status, after.card_tries, after.page_number) == (Status.CARD_PREAUTH_FAILED, 1, 2)


def test_a_page_that_ran_out_of_time_is_followed_by_another(acquirer: Acquirer) -> None:
    acquirer.sandbox.close_page(acquirer.till.payment)

    assert acquirer.visit().page_number == 2


def test_of_two_browsers_at_once_one_page_is_kept_and_nobody_is_shown_the_other(acquirer: Acquirer) -> None:
    acquirer.till.pay_by_card(DECLINED)
    once: list[Payment] = []

    def open_while_another_does(request: PageRequest) -> Page:
        acquirer.gateways.moods["open_page"] = acquirer._open
        once.append(acquirer.visit())
        return acquirer._open(request)

    acquirer.gateways.moods["open_page"] = open_while_another_does
    shown = acquirer.visit()

    assert len(acquirer.requests) == 3
    assert shown.page_id == once[0].page_id == acquirer.till.payment.page_id


def test_a_payment_that_was_paid_has_no_next_page(acquirer: Acquirer) -> None:
    acquirer.till.enter_card()

    assert acquirer.visit().status is Status.CARD_PREAUTH_SUCCESS
    assert len(acquirer.requests) == 1


def test_a_payment_that_is_over_has_no_next_page(acquirer: Acquirer) -> None:
    acquirer.till.pay_by_card(DECLINED)
    acquirer.till.world.now.advance(minutes=31)

    acquirer.visit()

    assert len(acquirer.requests) == 1


def test_no_more_pages_than_cards_may_be_tried(acquirer: Acquirer) -> None:
    for _ in range(MAX_CARD_TRIES - 1):
        acquirer.till.pay_by_card(DECLINED)
        acquirer.visit()
    acquirer.till.pay_by_card(DECLINED)

    with pytest.raises(TooManyTries):
        acquirer.visit()

    assert len(acquirer.requests) == MAX_CARD_TRIES
    assert acquirer.till.payment.card_tries == MAX_CARD_TRIES


@pytest.mark.parametrize("call", ["page_outcome", "open_page"])
def test_a_gateway_that_does_not_answer_leaves_all_as_it_was(acquirer: Acquirer, call: str) -> None:
    before = acquirer.till.pay_by_card(DECLINED)
    working, acquirer.gateways.moods[call] = acquirer.gateways.moods[call], says_nothing

    with pytest.raises(Unavailable):
        acquirer.visit()

    assert acquirer.till.payment == before
    acquirer.gateways.moods[call] = working
    assert acquirer.visit().page_number == 2


def test_a_page_of_ours_is_spent_by_no_decline() -> None:
    till = Till()
    page = till.open().page_id
    till.pay_by_card(DECLINED)

    payment = page_to_pay_on(till.payment, world=till.world)

    assert (payment.page_id, payment.card_page) == (page, None)
    assert payment.redirect_url == f"https://pages.example/pay/card/?paymentID={page}"


def test_the_charge_of_a_saved_card_has_no_page() -> None:
    till = Till()
    till.open()
    till.change(saved_card=1)

    with pytest.raises(IllegalTransition):
        page_to_pay_on(till.payment, world=till.world)
