"""What every voucher provider must do, whoever is behind it: one suite over the registry's table and its far sides.

``tests/contract/test_lying_connectors.py`` shows that the sentences can fail.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

import pytest

from shared.adapters.voucher_providers import VOUCHER_PROVIDERS
from shared.domain.errors import GatewayNotConfigured, VoucherNotDivisible
from shared.domain.money import Money
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import Environment, Payment
from shared.ports.connectors import VoucherProvider
from tests.contract.connectors import refused, struck, succeeded
from tools.testing.builders import a_payment, euro
from tools.testing.far_sides import VOUCHER_FAR_SIDES
from tools.testing.far_sides.side import VoucherFarSide
from tools.testing.far_sides.switch import FAULTS, FAULTS_OF_QUESTIONS, Fault

_numbers = count(1)
WORTH, SPENT, PART = euro(50_00), euro(40_00), euro(15_00)
NOTHING = euro(0)


@dataclass(frozen=True, slots=True)
class Entered:
    """A code that a customer entered in a payment. ``reference`` is ours and names it in every call."""

    payment: Payment
    otp: str
    reference: str


@dataclass
class Ground:
    """A provider, its far side, and vouchers that got so far."""

    name: str
    provider: VoucherProvider
    side: VoucherFarSide

    def entered(self, otp: str | None = None, payment: Payment | None = None) -> Entered:
        payment = payment or a_payment(provider=self.name)
        return Entered(payment, otp or self.side.voucher(WORTH.minor), f"{payment.id}:V:{next(_numbers)}")

    def valid(self, otp: str | None = None, payment: Payment | None = None) -> Entered:
        entered = self.entered(otp, payment)
        assert self.provider.validate(entered.payment, entered.reference, entered.otp).valid
        return entered

    def spent(self, otp: str | None = None) -> Entered:
        entered = self.valid(otp)
        succeeded(self.spend(entered))
        return entered

    def spend(self, entered: Entered, amount: Money = SPENT) -> Answer:
        return self.provider.spend(entered.payment, entered.reference, entered.otp, amount)

    def reverse(self, entered: Entered, amount: Money, made: str) -> Answer:
        return self.provider.reverse(entered.payment, entered.reference, amount, made)

    def lookup(self, entered: Entered, kind: Kind, made: str) -> Answer | None:
        return self.provider.lookup(entered.payment, entered.reference, kind, made)

    def book(self, entered: Entered) -> Money:
        """What is spent of the code, by the far side's own books."""
        return self.side.book(entered.payment, entered.otp).spent


def on_ground(name: str, provider: Callable[..., VoucherProvider]) -> Ground:
    assert name in VOUCHER_FAR_SIDES, (
        f"{name} has no far side in tools/testing/far_sides: nothing it says can be checked"
    )
    side = VOUCHER_FAR_SIDES[name]()
    return Ground(name, provider(side.settings), side)


@pytest.fixture(params=VOUCHER_PROVIDERS)
def ground(request: pytest.FixtureRequest) -> Ground:
    return on_ground(request.param, VOUCHER_PROVIDERS[request.param])


def key(entered: Entered, kind: Kind = Kind.VOUCHER_REVERSE) -> str:
    """A new operation's key."""
    return entered.payment.key(kind, next(_numbers))


# ---- validate ----------------------------------------------------------------------------------------


def test_a_good_code_says_what_it_is_worth_and_is_not_spent_by_asking(ground: Ground) -> None:
    entered = ground.entered()

    for _ in range(2):
        told = ground.provider.validate(entered.payment, entered.reference, entered.otp)

        assert told.valid
        assert told.value == WORTH
    assert ground.book(entered) == NOTHING


@pytest.mark.parametrize("otp", ["", "no such code", "V-", "è" * 200], ids=repr)
def test_a_code_that_nobody_issued_is_not_valid_and_says_why(ground: Ground, otp: str) -> None:
    entered = ground.entered(otp or "?")

    told = ground.provider.validate(entered.payment, entered.reference, otp)

    assert not told.valid
    assert told.code


def test_a_code_that_the_issuer_refuses_is_not_valid_and_says_why(ground: Ground) -> None:
    entered = ground.entered(ground.side.bad_voucher())

    told = ground.provider.validate(entered.payment, entered.reference, entered.otp)

    assert not told.valid
    assert told.code


def test_a_code_that_was_spent_in_another_payment_is_not_valid(ground: Ground) -> None:
    spent = ground.spent()
    again = ground.entered(spent.otp)

    assert not ground.provider.validate(again.payment, again.reference, again.otp).valid


def test_a_code_of_another_currency_is_not_valid(ground: Ground) -> None:
    entered = ground.valid()
    dollars = replace(entered.payment, amount=Money(150_00, "USD"))

    assert not ground.provider.validate(dollars, f"{entered.reference}:D", entered.otp).valid


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_code_that_cannot_be_asked_about_is_not_called_invalid(ground: Ground, fault: Fault) -> None:
    entered = ground.entered()

    struck(
        ground.side.switch,
        fault,
        lambda: ground.provider.validate(entered.payment, entered.reference, entered.otp),
    )

    assert ground.provider.validate(entered.payment, entered.reference, entered.otp).valid
    succeeded(ground.spend(entered))


# ---- spend and give back -----------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [SPENT, WORTH], ids=str)
def test_a_voucher_is_spent_to_the_cent(ground: Ground, amount: Money) -> None:
    entered = ground.valid()

    answer = succeeded(ground.spend(entered, amount))

    assert answer.reference
    assert ground.book(entered) == amount


def test_more_than_a_voucher_is_worth_is_not_spent(ground: Ground) -> None:
    entered = ground.valid()

    refused(ground.spend(entered, euro(50_01)))

    assert ground.book(entered) == NOTHING


def test_of_two_payments_with_one_code_one_spends_it(ground: Ground) -> None:
    first = ground.valid()
    second = ground.valid(first.otp)

    succeeded(ground.spend(first, PART))
    refused(ground.spend(second, PART))

    assert ground.book(first) == PART


def test_of_two_payments_at_the_same_moment_one_spends_the_code(ground: Ground) -> None:
    first = ground.valid()
    both = [first, ground.valid(first.otp)]
    answers: list[Answer] = []

    _at_once([lambda entered=entered: answers.append(ground.spend(entered)) for entered in both])  # type: ignore[misc]

    assert sorted(answer.state for answer in answers) == [State.REFUSED, State.SUCCEEDED]
    assert ground.book(first) == SPENT


def test_a_code_that_was_never_validated_is_not_spent_given_back_or_told_about(ground: Ground) -> None:
    entered = ground.entered()

    refused(ground.spend(entered))
    refused(ground.reverse(entered, PART, key(entered)))
    refused(ground.provider.notify(entered.payment, entered.reference))

    assert ground.book(entered) == NOTHING


def test_what_was_spent_is_given_back_in_parts_and_not_a_cent_more(ground: Ground) -> None:
    entered = ground.spent()

    succeeded(ground.reverse(entered, PART, key(entered)))
    assert ground.book(entered) == euro(25_00)
    refused(ground.reverse(entered, euro(25_01), key(entered)))
    assert ground.book(entered) == euro(25_00)
    succeeded(ground.reverse(entered, euro(25_00), key(entered)))

    assert ground.book(entered) == NOTHING


def test_a_voucher_that_was_not_spent_has_nothing_to_give_back(ground: Ground) -> None:
    entered = ground.valid()

    refused(ground.reverse(entered, PART, key(entered)))

    assert ground.book(entered) == NOTHING


def test_a_voucher_that_is_given_back_whole_only_says_so(ground: Ground) -> None:
    otp = ground.side.whole_voucher(WORTH.minor)
    if otp is None:
        return  # this issuer has none
    entered = ground.spent(otp)

    answer = refused(ground.reverse(entered, PART, key(entered)))

    assert answer.code == VoucherNotDivisible.code
    assert ground.book(entered) == SPENT
    succeeded(ground.reverse(entered, SPENT, key(entered)))
    assert ground.book(entered) == NOTHING


def test_the_issuer_is_told_of_a_spent_voucher(ground: Ground) -> None:
    entered = ground.spent()

    succeeded(ground.provider.notify(entered.payment, entered.reference))

    assert ground.side.book(entered.payment, entered.otp).notices == 1
    assert ground.book(entered) == SPENT


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_notice_that_was_not_answered_is_told_again_and_spends_nothing(ground: Ground, fault: Fault) -> None:
    entered = ground.spent()

    struck(ground.side.switch, fault, lambda: ground.provider.notify(entered.payment, entered.reference))

    succeeded(ground.provider.notify(entered.payment, entered.reference))
    assert ground.book(entered) == SPENT


# ---- both calls that move money ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Move:
    """A call that moves a voucher's money, and what is spent of it before and after."""

    kind: Kind
    ready: Callable[[Ground], Entered]
    call: Callable[[Ground, Entered, str, Money], Answer]
    amount: Money
    before: Money
    after: Money

    def __str__(self) -> str:
        return self.kind.value.removeprefix("VOUCHER_").lower()


MOVES = [
    Move(
        Kind.VOUCHER_SPEND,
        lambda ground: ground.valid(),
        lambda ground, entered, _, amount: ground.spend(entered, amount),
        SPENT,
        NOTHING,
        SPENT,
    ),
    Move(
        Kind.VOUCHER_REVERSE,
        lambda ground: ground.spent(),
        lambda ground, entered, made, amount: ground.reverse(entered, amount, made),
        PART,
        SPENT,
        euro(25_00),
    ),
]


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_the_same_call_moves_money_once_and_is_answered_the_same(ground: Ground, move: Move) -> None:
    entered = move.ready(ground)
    made = key(entered, move.kind)

    answers = [move.call(ground, entered, made, move.amount) for _ in range(3)]

    assert answers[0] == answers[1] == answers[2]
    succeeded(answers[0])
    assert ground.book(entered) == move.after


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_the_same_call_at_the_same_moment_moves_money_once(ground: Ground, move: Move) -> None:
    entered = move.ready(ground)
    made, answers = key(entered, move.kind), list[Answer]()

    _at_once([lambda: answers.append(move.call(ground, entered, made, move.amount))] * 8)

    assert [answer.state for answer in answers] == [State.SUCCEEDED] * 8
    assert ground.book(entered) == move.after


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("move", MOVES, ids=str)
def test_a_lost_answer_is_never_guessed_and_asking_tells_the_truth(ground: Ground, move: Move, fault: Fault) -> None:
    entered = move.ready(ground)
    made = key(entered, move.kind)

    unknown = struck(ground.side.switch, fault, lambda: move.call(ground, entered, made, move.amount))

    acted = ground.book(entered) == move.after
    assert acted or ground.book(entered) == move.before
    assert unknown or not acted
    told = ground.lookup(entered, move.kind, made)
    assert (told is not None and told.succeeded) == acted
    succeeded(move.call(ground, entered, made, move.amount))
    assert ground.book(entered) == move.after


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_asking_about_a_call_that_was_made_brings_its_answer(ground: Ground, move: Move) -> None:
    entered = move.ready(ground)
    made = key(entered, move.kind)

    answer = move.call(ground, entered, made, move.amount)

    assert answer.reference
    assert ground.lookup(entered, move.kind, made) == answer


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_asking_about_a_call_that_never_came_moves_nothing(ground: Ground, move: Move) -> None:
    entered = move.ready(ground)

    assert ground.lookup(entered, move.kind, key(entered, move.kind)) is None
    assert ground.book(entered) == move.before


@pytest.mark.parametrize("fault", FAULTS_OF_QUESTIONS, ids=str)
@pytest.mark.parametrize("move", MOVES, ids=str)
def test_no_answer_to_the_question_never_means_that_the_call_did_not_come(
    ground: Ground, move: Move, fault: Fault
) -> None:
    entered = move.ready(ground)
    made = key(entered, move.kind)
    move.call(ground, entered, made, move.amount)

    struck(ground.side.switch, fault, lambda: ground.lookup(entered, move.kind, made))

    assert ground.book(entered) == move.after


def test_asking_about_a_refusal_brings_the_refusal(ground: Ground) -> None:
    entered = ground.valid()

    answer = refused(ground.spend(entered, euro(50_01)))

    assert ground.lookup(entered, Kind.VOUCHER_SPEND, key(entered)) == answer


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_another_currency_than_the_vouchers_moves_nothing(ground: Ground, move: Move) -> None:
    entered = move.ready(ground)

    refused(move.call(ground, entered, key(entered, move.kind), Money(move.amount.minor, "USD")))

    assert ground.book(entered) == move.before


# ---- live and test -----------------------------------------------------------------------------------


def test_a_live_payment_is_refused_by_a_test_provider_in_every_call(ground: Ground) -> None:
    spent, fresh = ground.spent(), ground.entered()
    live = [
        replace(entered, payment=replace(entered.payment, environment=Environment.LIVE)) for entered in (spent, fresh)
    ]
    calls: list[Callable[[], object]] = [
        lambda: ground.provider.validate(live[1].payment, live[1].reference, live[1].otp),
        lambda: ground.spend(live[1]),
        lambda: ground.reverse(live[0], PART, key(live[0])),
        lambda: ground.provider.notify(live[0].payment, live[0].reference),
        lambda: ground.lookup(live[0], Kind.VOUCHER_SPEND, key(live[0])),
    ]

    for call in calls:
        with pytest.raises(GatewayNotConfigured):
            call()

    assert (ground.book(spent), ground.book(fresh)) == (SPENT, NOTHING)


# ---- the table ---------------------------------------------------------------------------------------


def test_every_row_of_the_table_has_a_far_side_and_every_far_side_a_row() -> None:
    assert VOUCHER_FAR_SIDES.keys() == VOUCHER_PROVIDERS.keys()


def _at_once(calls: list[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
