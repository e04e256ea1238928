"""What every method provider must do, whoever is behind it: one suite over the registry's table and its far sides.

``tests/contract/test_lying_connectors.py`` shows that the sentences can fail.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from shared.adapters.method_providers import METHOD_PROVIDERS
from shared.domain.errors import GatewayNotConfigured, Refused
from shared.domain.method import MethodChoice, MethodKind, Payer
from shared.domain.money import Money
from shared.domain.operation import Kind, Operation
from shared.domain.payment import Environment, Mode, Payment, Status
from shared.domain.taking import pending
from shared.ports.methods import MethodProvider, MethodState
from tests.contract.connectors import refused, struck, succeeded
from tools.testing.builders import a_payment, euro
from tools.testing.fakes.clock import NOON
from tools.testing.far_sides import METHOD_FAR_SIDES
from tools.testing.far_sides.side import MethodFarSide
from tools.testing.far_sides.switch import FAULTS, FAULTS_OF_QUESTIONS, Fault

WHOLE, PART, NOTHING = euro(150_00), euro(40_00), euro(0)
HOUR = 3600
LASTS = 24 * HOUR
_keys = count(1)


@dataclass
class Ground:
    """A provider, its far side, and payments that got so far."""

    name: str
    provider: MethodProvider
    side: MethodFarSide

    def chosen(self, kind: MethodKind = MethodKind.ONLINE, **overrides: Any) -> Payment:
        """A payment whose customer has chosen a method and nothing more."""
        if kind not in self.side.offers:
            pytest.skip("it has no such methods")
        offer = self.side.offers[kind]
        made: dict[str, Any] = {
            "mode": Mode.ALTERNATIVE,
            "provider": self.name,
            "amount": Money(WHOLE.minor, offer.currency),
            "email": "ada@example.com",
            "method": offer.method,
            "method_choice": MethodChoice(kind, LASTS, begun_at=NOON),
            "payer": Payer("NL", "Ada", "Jansen"),
        }
        return a_payment(**{**made, **overrides})

    def begun(self, kind: MethodKind = MethodKind.ONLINE, **overrides: Any) -> Payment:
        payment = self.chosen(kind, **overrides)
        begun = self.provider.begin(payment)
        choice = payment.method_choice
        assert choice is not None
        named = replace(choice, number=begun.reference, handle=begun.handle, redirect_url=begun.redirect_url)
        return replace(payment, status=Status.PROCESSING, method_choice=named, expires_at=begun.expires_at)

    def paid(self, kind: MethodKind = MethodKind.ONLINE) -> Payment:
        payment = self.begun(kind)
        assert self.side.receive(payment, payment.due)
        return payment

    def has_parts(self) -> None:
        """Passes over a sentence about money in parts, twice or late where there is no such thing."""
        if not self.side.in_parts:
            pytest.skip("money comes whole, once and in time here")

    def state(self, payment: Payment) -> MethodState:
        return self.provider.outcome(payment).state

    def received(self, payment: Payment) -> list[Money]:
        return [receipt.amount for receipt in self.provider.outcome(payment).received]

    def money(self, payment: Payment) -> tuple[Money, Money]:
        book = self.side.book(payment)
        return book.received, book.refunded


def on_ground(name: str, provider: Callable[..., MethodProvider]) -> Ground:
    assert name in METHOD_FAR_SIDES, (
        f"{name} has no far side in tools/testing/far_sides: nothing it says can be checked"
    )
    side = METHOD_FAR_SIDES[name]()
    return Ground(name, provider(side.settings), side)


@pytest.fixture(params=METHOD_PROVIDERS)
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    made = on_ground(request.param, METHOD_PROVIDERS[request.param])
    yield made
    made.side.close()


def new(payment: Payment, amount: Money) -> Operation:
    """A refund that was never sent."""
    return pending(payment, Kind.REFUND, next(_keys), amount, NOON)


# ---- begin -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(MethodKind), ids=str)
def test_what_the_customer_pays_with_has_a_number_and_a_deadline(ground: Ground, kind: MethodKind) -> None:
    payment = ground.chosen(kind)

    begun = ground.provider.begin(payment)

    assert begun.reference
    assert NOON < begun.expires_at <= NOON + timedelta(seconds=LASTS)
    assert ground.side.book(payment).begun == 1
    assert ground.state(payment) is MethodState.PENDING
    assert not any(ground.money(payment))


def test_nothing_is_begun_by_asking(ground: Ground) -> None:
    payment = ground.chosen()

    assert ground.state(payment) is MethodState.OPEN
    assert ground.side.book(payment).begun == 0


def test_who_begins_again_gets_the_same_slip(ground: Ground) -> None:
    payment = ground.chosen()

    slips = [ground.provider.begin(payment) for _ in range(3)]

    assert slips[0] == slips[1] == slips[2]
    assert ground.side.book(payment).begun == 1


def test_six_who_begin_at_the_same_moment_get_one_slip(ground: Ground) -> None:
    payment = ground.chosen()
    slips: list[object] = []

    _at_once([lambda: slips.append(ground.provider.begin(payment))] * 6)

    assert len(slips) == 6
    assert len(set(slips)) == 1
    assert ground.side.book(payment).begun == 1


def test_two_payments_have_two_numbers(ground: Ground) -> None:
    first, second = ground.chosen(), ground.chosen()

    assert ground.provider.begin(first).reference != ground.provider.begin(second).reference


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_beginning_whose_answer_was_lost_is_asked_for_again_and_is_one(ground: Ground, fault: Fault) -> None:
    payment = ground.chosen()

    unknown = struck(ground.side.switch, fault, lambda: ground.provider.begin(payment))

    assert unknown or ground.side.book(payment).begun == 0
    assert ground.provider.begin(payment).reference
    assert ground.side.book(payment).begun == 1


def test_what_was_paid_before_we_heard_that_it_began_has_begun(ground: Ground) -> None:
    payment = ground.chosen()
    ground.provider.begin(payment)  # whose answer nobody heard
    assert ground.side.receive(payment, payment.due)

    begun = ground.provider.begin(payment)

    assert begun.reference
    assert ground.side.book(payment).begun == 1


# ---- what became of it -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(MethodKind), ids=str)
def test_money_that_comes_is_told_by_its_number_however_often_one_asks(ground: Ground, kind: MethodKind) -> None:
    payment = ground.begun(kind)
    ground.side.receive(payment, payment.due)

    told = [ground.provider.outcome(payment) for _ in range(2)]

    assert told[0] == told[1]
    assert told[0].state is MethodState.PAID
    assert [receipt.amount for receipt in told[0].received] == [payment.due]
    assert told[0].received[0].number


def test_a_part_is_told_and_is_not_paid(ground: Ground) -> None:
    ground.has_parts()
    payment = ground.begun(MethodKind.CASH)

    ground.side.receive(payment, PART)

    assert ground.state(payment) is MethodState.PENDING
    assert ground.received(payment) == [PART]


def test_parts_and_money_that_comes_twice_are_each_told(ground: Ground) -> None:
    ground.has_parts()
    payment = ground.begun(MethodKind.CASH)

    for amount in (PART, WHOLE, WHOLE):
        ground.side.receive(payment, amount)

    outcome = ground.provider.outcome(payment)
    assert [receipt.amount for receipt in outcome.received] == [PART, WHOLE, WHOLE]
    assert len({receipt.number for receipt in outcome.received}) == 3
    assert outcome.state is MethodState.PAID


def test_a_bank_that_says_no_has_a_code(ground: Ground) -> None:
    payment = ground.begun()

    ground.side.reject(payment)

    outcome = ground.provider.outcome(payment)
    assert outcome.state is MethodState.REJECTED
    assert outcome.code
    assert not outcome.received


def test_a_provider_that_fails_says_so(ground: Ground) -> None:
    payment = ground.begun()

    ground.side.fail(payment)

    assert ground.state(payment) is MethodState.FAILED


def test_time_that_is_over_is_told(ground: Ground) -> None:
    payment = ground.begun(MethodKind.CASH)

    ground.side.wait(LASTS + 1)

    assert ground.state(payment) is MethodState.EXPIRED


def test_money_that_comes_late_is_told(ground: Ground) -> None:
    ground.has_parts()
    payment = ground.begun(MethodKind.CASH)
    ground.side.wait(LASTS + 1)
    ground.provider.close(payment)

    assert ground.side.receive(payment, WHOLE)

    assert ground.received(payment) == [WHOLE]


@pytest.mark.parametrize("fault", FAULTS_OF_QUESTIONS, ids=str)
def test_a_payment_that_cannot_be_asked_about_is_not_called_unpaid(ground: Ground, fault: Fault) -> None:
    payment = ground.paid()

    struck(ground.side.switch, fault, lambda: ground.provider.outcome(payment))

    assert ground.state(payment) is MethodState.PAID


# ---- close -------------------------------------------------------------------------------------------


def test_what_is_called_closed_takes_no_money(ground: Ground) -> None:
    payment = ground.begun()

    outcome = ground.provider.close(payment)

    assert not outcome.received
    assert outcome.closed is not ground.side.receive(payment, WHOLE)


def test_what_was_closed_before_it_began_is_not_begun(ground: Ground) -> None:
    payment = ground.chosen()

    ground.provider.close(payment)

    with pytest.raises(Refused):
        ground.provider.begin(payment)
    assert ground.side.book(payment).begun == 0


def test_a_slip_that_cannot_be_called_back_is_the_same_when_it_is_begun_again(ground: Ground) -> None:
    payment = ground.chosen(MethodKind.CASH)
    begun = ground.provider.begin(payment)
    assert ground.side.book(payment).begun == 1

    if ground.provider.close(payment).closed:
        pytest.skip("a slip is called back here")

    assert ground.provider.begin(payment) == begun


def test_closing_what_is_paid_brings_the_money(ground: Ground) -> None:
    payment = ground.paid()

    for _ in range(2):
        outcome = ground.provider.close(payment)

        assert outcome.state is MethodState.PAID
        assert [receipt.amount for receipt in outcome.received] == [WHOLE]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_closing_that_was_not_answered_says_nothing_and_is_asked_for_again(ground: Ground, fault: Fault) -> None:
    payment = ground.begun(MethodKind.CASH)
    came = PART if ground.side.in_parts else payment.due
    ground.side.receive(payment, came)

    struck(ground.side.switch, fault, lambda: ground.provider.close(payment))

    assert [receipt.amount for receipt in ground.provider.close(payment).received] == [came]


# ---- give back ---------------------------------------------------------------------------------------


def test_what_came_is_given_back_in_parts_and_not_a_cent_more(ground: Ground) -> None:
    payment = ground.paid()

    succeeded(ground.provider.refund(payment, new(payment, PART)))
    assert ground.money(payment) == (WHOLE, PART)
    refused(ground.provider.refund(payment, new(payment, euro(110_01))))
    assert ground.money(payment) == (WHOLE, PART)
    succeeded(ground.provider.refund(payment, new(payment, euro(110_00))))

    assert ground.money(payment) == (WHOLE, WHOLE)


def test_what_did_not_come_is_not_given_back(ground: Ground) -> None:
    payment = ground.begun()

    refused(ground.provider.refund(payment, new(payment, PART)))

    assert ground.money(payment) == (NOTHING, NOTHING)


@pytest.mark.parametrize("kind", [MethodKind.CASH, MethodKind.CRYPTO], ids=str)
def test_a_method_that_only_takes_money_says_so(ground: Ground, kind: MethodKind) -> None:
    payment = ground.paid(kind)
    assert not ground.side.offers[kind].gives_back
    part = Money(PART.minor, payment.amount.currency)

    assert refused(ground.provider.refund(payment, new(payment, part))).code == "refund_not_supported"
    assert ground.money(payment) == (payment.due, payment.due - payment.due)


def test_the_same_key_gives_back_once_and_is_answered_the_same(ground: Ground) -> None:
    payment = ground.paid()
    operation = new(payment, PART)

    answers = [ground.provider.refund(payment, operation) for _ in range(3)]

    assert answers[0] == answers[1] == answers[2]
    succeeded(answers[0])
    assert ground.money(payment) == (WHOLE, PART)


def test_the_same_key_at_the_same_moment_gives_back_once(ground: Ground) -> None:
    payment = ground.paid()
    operation, answers = new(payment, PART), list[object]()

    _at_once([lambda: answers.append(succeeded(ground.provider.refund(payment, operation)))] * 8)

    assert len(answers) == 8
    assert ground.money(payment) == (WHOLE, PART)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_lost_answer_is_never_guessed_and_asking_tells_the_truth(ground: Ground, fault: Fault) -> None:
    payment = ground.paid()
    operation = new(payment, PART)

    unknown = struck(ground.side.switch, fault, lambda: ground.provider.refund(payment, operation))

    acted = ground.money(payment) == (WHOLE, PART)
    assert unknown or not acted
    told = ground.provider.lookup(payment, operation)
    assert (told is not None and told.succeeded) == acted
    succeeded(ground.provider.refund(payment, operation))
    assert ground.money(payment) == (WHOLE, PART)


def test_asking_about_a_call_that_was_made_brings_its_answer(ground: Ground) -> None:
    payment = ground.paid()
    operation = new(payment, PART)

    answer = ground.provider.refund(payment, operation)

    assert answer.reference
    assert ground.provider.lookup(payment, operation) == answer


def test_asking_about_a_call_that_never_came_gives_nothing_back(ground: Ground) -> None:
    payment = ground.paid()

    assert ground.provider.lookup(payment, new(payment, PART)) is None
    assert ground.money(payment) == (WHOLE, NOTHING)


def test_asking_about_a_refusal_brings_the_refusal(ground: Ground) -> None:
    payment = ground.paid()
    operation = new(payment, euro(150_01))

    answer = refused(ground.provider.refund(payment, operation))

    assert ground.provider.lookup(payment, operation) == (answer if ground.side.keeps_refusals else None)
    assert ground.provider.refund(payment, operation) == answer


@pytest.mark.parametrize("fault", FAULTS_OF_QUESTIONS, ids=str)
def test_no_answer_to_the_question_never_means_that_the_call_did_not_come(ground: Ground, fault: Fault) -> None:
    payment = ground.paid()
    operation = new(payment, PART)
    ground.provider.refund(payment, operation)

    struck(ground.side.switch, fault, lambda: ground.provider.lookup(payment, operation))

    assert ground.money(payment) == (WHOLE, PART)


def test_another_currency_than_the_payments_gives_nothing_back(ground: Ground) -> None:
    payment = ground.paid()

    refused(ground.provider.refund(payment, new(payment, Money(PART.minor, "USD"))))

    assert ground.money(payment) == (WHOLE, NOTHING)


# ---- live and test -----------------------------------------------------------------------------------


def test_a_live_payment_is_refused_by_a_test_provider_in_every_call(ground: Ground) -> None:
    paid, fresh = ground.paid(), ground.chosen()
    live = [replace(payment, environment=Environment.LIVE) for payment in (paid, fresh)]
    calls: list[Callable[[], object]] = [
        lambda: ground.provider.begin(live[1]),
        lambda: ground.provider.outcome(live[0]),
        lambda: ground.provider.close(live[0]),
        lambda: ground.provider.refund(live[0], new(live[0], PART)),
        lambda: ground.provider.lookup(live[0], new(live[0], PART)),
    ]

    for call in calls:
        with pytest.raises(GatewayNotConfigured):
            call()

    assert ground.money(paid) == (WHOLE, NOTHING)
    assert ground.side.book(fresh).begun == 0


# ---- the table ---------------------------------------------------------------------------------------


def test_every_row_of_the_table_has_a_far_side_and_every_far_side_a_row() -> None:
    assert METHOD_FAR_SIDES.keys() == METHOD_PROVIDERS.keys()


def _at_once(calls: list[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
