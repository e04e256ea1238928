"""What every voucher provider must do, whoever is behind it: one suite over the registry's table and its far sides.

``tests/contract/test_lying_connectors.py`` shows that the sentences can fail.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count

import pytest

from shared.adapters.voucher_providers import VOUCHER_PROVIDERS
from shared.domain.errors import GatewayNotConfigured, VoucherNotDivisible
from shared.domain.money import Money
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Environment, Payment
from shared.domain.taking import pending
from shared.domain.voucher import Validation, Voucher, VoucherAbilities, VoucherState, masked
from shared.ports.connectors import VoucherProvider
from tests.contract.connectors import refused, struck, succeeded
from tools.testing.builders import a_payment, euro
from tools.testing.fakes import NOON
from tools.testing.far_sides import VOUCHER_FAR_SIDES
from tools.testing.far_sides.side import VoucherFarSide
from tools.testing.far_sides.switch import FAULTS, FAULTS_OF_QUESTIONS, Fault

_numbers = count(1)
WORTH, SPENT, PART = euro(50_00), euro(40_00), euro(15_00)
NOTHING = euro(0)


@dataclass
class Entered:
    """A code that a customer entered in a payment, whose journal knows what was made of it."""

    payment: Payment
    voucher: Voucher
    otp: str

    def now(self, voucher: Voucher) -> None:
        self.voucher = voucher
        self.payment = self.payment.with_voucher(voucher)


@dataclass
class Ground:
    """A provider, its far side, and vouchers that got so far."""

    name: str
    provider: VoucherProvider
    side: VoucherFarSide

    def entered(self, otp: str | None = None, payment: Payment | None = None) -> Entered:
        payment = payment or a_payment(provider=self.name)
        code = otp or self.side.voucher(WORTH.minor)
        made = Voucher.entered(f"{payment.id}:V:{next(_numbers)}", code, payment.amount.zero())
        return Entered(replace(payment, vouchers=(made,)), made, code)

    def valid(self, otp: str | None = None, payment: Payment | None = None) -> Entered:
        entered = self.entered(otp, payment)
        told = self.validate(entered)
        assert told.valid
        entered.now(entered.voucher.judged(told))
        return entered

    def validate(self, entered: Entered) -> Validation:
        return self.provider.validate(entered.payment, entered.voucher)

    def spent(self, otp: str | None = None) -> Entered:
        entered = self.valid(otp)
        self.written(entered, succeeded(self.spend(entered)))
        return entered

    def written(self, entered: Entered, answer: Answer) -> None:
        """Its spending is in the journal, and the code itself is kept no longer."""
        done = made(entered, Kind.VOUCHER_SPEND, SPENT).closed(answer, NOON)
        spent = replace(entered.voucher, state=VoucherState.SPENT, spend=SPENT, otp=masked(entered.otp))
        entered.payment = entered.payment.with_operation(done)
        entered.now(spent)

    def spend(self, entered: Entered, amount: Money = SPENT) -> Answer:
        return self.provider.spend(entered.payment, entered.voucher, made(entered, Kind.VOUCHER_SPEND, amount))

    def reverse(self, entered: Entered, amount: Money, key: str = "") -> Answer:
        back = made(entered, Kind.VOUCHER_REVERSE, amount, key)
        return self.provider.reverse(entered.payment, entered.voucher, back)

    def lookup(self, entered: Entered, operation: Operation) -> Answer | None:
        return self.provider.lookup(entered.payment, entered.voucher, operation)

    @property
    def able(self) -> VoucherAbilities:
        return self.provider.abilities

    @property
    def back(self) -> Money:
        """What is given back of what was spent: a part of it where that can be."""
        return PART if self.able.parts_back else SPENT

    def book(self, entered: Entered) -> Money:
        """What is spent of the code, by the far side's own books."""
        return self.side.book(entered.payment, entered.otp).spent


def made(entered: Entered, kind: Kind, amount: Money, key: str = "") -> Operation:
    """An operation about to be sent; another one each time, but for a spending: of those a voucher has one."""
    payment, reference = entered.payment, entered.voucher.reference
    name = reference if kind is Kind.VOUCHER_SPEND else key or str(next(_numbers))
    return pending(payment, kind, name, amount, NOON, voucher=reference)


def on_ground(name: str, provider: Callable[..., VoucherProvider]) -> Ground:
    assert name in VOUCHER_FAR_SIDES, (
        f"{name} has no far side in tools/testing/far_sides: nothing it says can be checked"
    )
    side = VOUCHER_FAR_SIDES[name]()
    return Ground(name, provider(side.settings), side)


@pytest.fixture(params=VOUCHER_PROVIDERS)
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    made = on_ground(request.param, VOUCHER_PROVIDERS[request.param])
    yield made
    made.side.close()


# ---- validate ----------------------------------------------------------------------------------------


def test_a_good_code_says_what_it_is_worth_and_is_not_spent_by_asking(ground: Ground) -> None:
    entered = ground.entered()

    for _ in range(2):
        told = ground.validate(entered)

        assert told.valid
        assert told.value == WORTH
    assert ground.book(entered) == NOTHING


def test_a_provider_knows_the_form_of_its_own_codes(ground: Ground) -> None:
    assert ground.provider.takes(ground.entered().otp)
    assert not ground.provider.takes("no such code")


@pytest.mark.parametrize("otp", ["", "no such code", "V-", "è" * 200], ids=repr)
def test_a_code_that_nobody_issued_is_not_valid_and_says_why(ground: Ground, otp: str) -> None:
    entered = ground.entered(otp or "?")

    told = ground.validate(Entered(entered.payment, replace(entered.voucher, otp=otp), otp))

    assert not told.valid
    assert not told.known
    assert told.code


def test_a_code_that_the_issuer_refuses_is_not_valid_and_says_why(ground: Ground) -> None:
    entered = ground.entered(ground.side.bad_voucher())

    told = ground.validate(entered)

    assert not told.valid
    assert told.known
    assert told.code


def test_a_code_that_was_spent_in_another_payment_is_not_valid(ground: Ground) -> None:
    spent = ground.spent()
    again = ground.entered(spent.otp)

    assert not ground.validate(again).valid


def test_a_code_of_another_currency_is_not_valid(ground: Ground) -> None:
    euros = ground.valid()
    ground.provider.release(euros.payment, euros.voucher)

    dollars = ground.entered(euros.otp, a_payment(provider=ground.name, amount=Money(150_00, "USD")))

    assert not ground.validate(dollars).valid


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_code_that_cannot_be_asked_about_is_not_called_invalid(ground: Ground, fault: Fault) -> None:
    entered = ground.entered()

    struck(ground.side.switch, fault, lambda: ground.validate(entered))

    told = ground.validate(entered)
    assert told.valid
    entered.now(entered.voucher.judged(told))
    succeeded(ground.spend(entered))


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_code_whose_answer_was_lost_is_good_in_the_next_choice_of_its_payment(ground: Ground, fault: Fault) -> None:
    first = ground.entered()
    struck(ground.side.switch, fault, lambda: ground.validate(first))

    again = ground.valid(first.otp, first.payment)

    succeeded(ground.spend(again))
    assert ground.book(again) == SPENT


def test_what_is_reserved_is_nobody_elses_until_it_is_let_go(ground: Ground) -> None:
    entered = ground.valid()
    if not entered.voucher.reservation:
        assert ground.able.looks
        ground.provider.release(entered.payment, entered.voucher)  # of nothing
        return
    assert entered.voucher.reserved_until is not None
    assert not ground.validate(ground.entered(entered.otp)).valid

    for _ in range(2):
        ground.provider.release(entered.payment, entered.voucher)

    refused(ground.spend(entered))
    assert ground.validate(ground.entered(entered.otp)).valid
    assert ground.book(entered) == NOTHING


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
    if not ground.able.looks:
        return  # the other one does not even get it: what is reserved is nobody else's
    second = ground.valid(first.otp)

    succeeded(ground.spend(first, PART))
    refused(ground.spend(second, PART))

    assert ground.book(first) == PART


def test_of_two_payments_at_the_same_moment_one_spends_the_code(ground: Ground) -> None:
    first = ground.entered()
    both = [first, ground.entered(first.otp)]
    answers: list[Answer] = []

    def pays(entered: Entered) -> None:
        told = ground.validate(entered)
        if told.valid:
            entered.now(entered.voucher.judged(told))
            answers.append(ground.spend(entered))

    _at_once([lambda entered=entered: pays(entered) for entered in both])  # type: ignore[misc]

    assert [answer.state for answer in answers].count(State.SUCCEEDED) == 1
    assert ground.book(first) == SPENT


def test_a_code_that_was_never_validated_is_not_spent_given_back_or_told_about(ground: Ground) -> None:
    entered = ground.entered()

    refused(ground.spend(entered))
    refused(ground.reverse(entered, PART))
    refused(ground.provider.notify(entered.payment, entered.voucher))

    assert ground.book(entered) == NOTHING


def test_what_was_spent_is_given_back_and_not_a_cent_more(ground: Ground) -> None:
    entered = ground.spent()

    refused(ground.reverse(entered, euro(40_01)))
    assert ground.book(entered) == SPENT
    succeeded(ground.reverse(entered, ground.back))
    assert ground.book(entered) == SPENT - ground.back
    refused(ground.reverse(entered, SPENT - ground.back + euro(1)))
    refused(ground.reverse(entered, SPENT))
    assert ground.book(entered) == SPENT - ground.back
    if ground.able.parts_back:
        succeeded(ground.reverse(entered, SPENT - PART))

        assert ground.book(entered) == NOTHING


def test_a_voucher_that_was_not_spent_has_nothing_to_give_back(ground: Ground) -> None:
    entered = ground.valid()

    refused(ground.reverse(entered, PART))

    assert ground.book(entered) == NOTHING


def test_a_voucher_that_is_given_back_whole_only_says_so(ground: Ground) -> None:
    otp = ground.side.whole_voucher(WORTH.minor)
    if otp is None:
        return  # this issuer has none
    entered = ground.spent(otp)

    answer = refused(ground.reverse(entered, PART))

    assert answer.code == VoucherNotDivisible.code
    assert ground.book(entered) == SPENT
    succeeded(ground.reverse(entered, SPENT))
    assert ground.book(entered) == NOTHING


@pytest.mark.parametrize(("early", "gone"), [(1, NOTHING), (0, SPENT)], ids=["before", "from then on"])
def test_what_goes_back_for_a_while_says_until_when_and_is_refused_from_then_on(
    ground: Ground, early: int, gone: Money
) -> None:
    otp = ground.side.passing_voucher(WORTH.minor)
    if otp is None:
        return  # this issuer has none
    entered = ground.valid(otp)
    operation = made(entered, Kind.VOUCHER_SPEND, SPENT)
    answer = succeeded(ground.provider.spend(entered.payment, entered.voucher, operation))
    found = ground.lookup(entered, operation)
    assert found is not None
    assert answer.reversible_until is not None
    assert found.reversible_until == answer.reversible_until
    ground.written(entered, answer)
    ground.side.clock.advance((answer.reversible_until - ground.side.clock()).total_seconds() - early)

    back = ground.reverse(entered, SPENT)

    assert (back.code == "too_late_to_reverse") == (not early)
    assert ground.book(entered) == gone


def test_the_issuer_is_told_of_a_spent_voucher_that_wants_to_be(ground: Ground) -> None:
    entered = ground.spent()

    succeeded(ground.provider.notify(entered.payment, entered.voucher))

    assert ground.side.book(entered.payment, entered.otp).notices == int(ground.able.notifies)
    assert ground.book(entered) == SPENT


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_notice_that_was_not_answered_is_told_again_and_spends_nothing(ground: Ground, fault: Fault) -> None:
    entered = ground.spent()

    if ground.able.notifies:
        struck(ground.side.switch, fault, lambda: ground.provider.notify(entered.payment, entered.voucher))

    succeeded(ground.provider.notify(entered.payment, entered.voucher))
    assert ground.book(entered) == SPENT


# ---- both calls that move money ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Move:
    """A call that moves a voucher's money, and what is spent of it before and after."""

    kind: Kind
    ready: Callable[[Ground], Entered]
    call: Callable[[Ground, Entered, Operation], Answer]
    amount: Callable[[Ground], Money]
    before: Money
    after: Callable[[Ground], Money]

    def operation(self, ground: Ground, entered: Entered, amount: Money | None = None) -> Operation:
        return made(entered, self.kind, amount or self.amount(ground))

    def __str__(self) -> str:
        return self.kind.value.removeprefix("VOUCHER_").lower()


MOVES = [
    Move(
        Kind.VOUCHER_SPEND,
        lambda ground: ground.valid(),
        lambda ground, entered, op: ground.provider.spend(entered.payment, entered.voucher, op),
        lambda ground: SPENT,
        NOTHING,
        lambda ground: SPENT,
    ),
    Move(
        Kind.VOUCHER_REVERSE,
        lambda ground: ground.spent(),
        lambda ground, entered, op: ground.provider.reverse(entered.payment, entered.voucher, op),
        lambda ground: ground.back,
        SPENT,
        lambda ground: SPENT - ground.back,
    ),
]


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_the_same_call_moves_money_once_and_is_answered_the_same(ground: Ground, move: Move) -> None:
    entered = move.ready(ground)
    operation = move.operation(ground, entered)

    answers = [move.call(ground, entered, operation) for _ in range(3)]

    assert answers[0] == answers[1] == answers[2]
    succeeded(answers[0])
    assert ground.book(entered) == move.after(ground)


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_the_same_call_at_the_same_moment_moves_money_once(ground: Ground, move: Move) -> None:
    entered = move.ready(ground)
    operation, answers = move.operation(ground, entered), list[Answer]()

    _at_once([lambda: answers.append(move.call(ground, entered, operation))] * 8)

    assert [answer.state for answer in answers] == [State.SUCCEEDED] * 8
    assert ground.book(entered) == move.after(ground)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("move", MOVES, ids=str)
def test_a_lost_answer_is_never_guessed_and_asking_tells_the_truth(ground: Ground, move: Move, fault: Fault) -> None:
    entered = move.ready(ground)
    operation = move.operation(ground, entered)

    unknown = struck(ground.side.switch, fault, lambda: move.call(ground, entered, operation))

    acted = ground.book(entered) == move.after(ground)
    assert acted or ground.book(entered) == move.before
    assert unknown or not acted
    told = ground.lookup(entered, operation)
    assert (told is not None and told.succeeded) == acted
    succeeded(move.call(ground, entered, operation))
    assert ground.book(entered) == move.after(ground)


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_asking_about_a_call_that_was_made_brings_its_answer(ground: Ground, move: Move) -> None:
    entered = move.ready(ground)
    operation = move.operation(ground, entered)

    answer = move.call(ground, entered, operation)

    assert answer.reference
    assert ground.lookup(entered, operation) == answer


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_asking_about_a_call_that_never_came_moves_nothing(ground: Ground, move: Move) -> None:
    entered = move.ready(ground)

    assert ground.lookup(entered, move.operation(ground, entered)) is None
    assert ground.book(entered) == move.before


@pytest.mark.parametrize("fault", FAULTS_OF_QUESTIONS, ids=str)
@pytest.mark.parametrize("move", MOVES, ids=str)
def test_no_answer_to_the_question_never_means_that_the_call_did_not_come(
    ground: Ground, move: Move, fault: Fault
) -> None:
    entered = move.ready(ground)
    operation = move.operation(ground, entered)
    move.call(ground, entered, operation)

    struck(ground.side.switch, fault, lambda: ground.lookup(entered, operation))

    assert ground.book(entered) == move.after(ground)


def test_asking_about_a_refusal_brings_the_refusal_or_the_call_may_be_made_again(ground: Ground) -> None:
    entered = ground.valid()
    too_much = made(entered, Kind.VOUCHER_SPEND, euro(50_01))

    answer = refused(ground.provider.spend(entered.payment, entered.voucher, too_much))

    told = ground.lookup(entered, too_much)
    assert told == (answer if ground.able.keeps_refusals else None)
    assert refused(ground.provider.spend(entered.payment, entered.voucher, too_much)) == answer


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_another_currency_than_the_vouchers_moves_nothing(ground: Ground, move: Move) -> None:
    entered = move.ready(ground)

    refused(move.call(ground, entered, move.operation(ground, entered, Money(move.amount(ground).minor, "USD"))))

    assert ground.book(entered) == move.before


# ---- live and test -----------------------------------------------------------------------------------


def test_a_live_payment_is_refused_by_a_test_provider_in_every_call(ground: Ground) -> None:
    spent, fresh = ground.spent(), ground.entered()
    live = [
        replace(entered, payment=replace(entered.payment, environment=Environment.LIVE)) for entered in (spent, fresh)
    ]
    calls: list[Callable[[], object]] = [
        lambda: ground.validate(live[1]),
        lambda: ground.spend(live[1]),
        lambda: ground.reverse(live[0], PART),
        lambda: ground.provider.notify(live[0].payment, live[0].voucher),
        lambda: ground.lookup(live[0], made(live[0], Kind.VOUCHER_SPEND, SPENT)),
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
