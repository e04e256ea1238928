"""Connectors that lie, each in a way that would cost somebody money, held against the suites: they have to fail.

The first of each kind answers SUCCEEDED to everything and says of every call that it never arrived. Of its sentences
only those may hold that are listed as true; a sentence that is added and cannot fail makes a test here fail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any, Final

import pytest

from shared.adapters.card_gateways import CARD_GATEWAYS
from shared.adapters.method_providers import METHOD_PROVIDERS
from shared.adapters.settings import ConnectorSettings
from shared.adapters.voucher_providers import VOUCHER_PROVIDERS
from shared.domain.card import Card
from shared.domain.errors import OutcomeUnknown, Unavailable
from shared.domain.money import Money
from shared.domain.operation import Answer, Operation, State
from shared.domain.payment import Environment
from shared.domain.voucher import Validation
from shared.ports.connectors import Page, PageOutcome, PageState
from shared.ports.methods import Begun, MethodOutcome, MethodState, Receipt
from tests.contract import test_card_gateways, test_method_providers, test_voucher_providers
from tests.contract.connectors import Sentence, sentences

YES: Final = Answer(State.SUCCEEDED, "00", "Transaction approved", "REF_1")
NO: Final = Answer(State.REFUSED, "05", "Declined")
CARD_SENTENCES: Final = sentences(test_card_gateways)
VOUCHER_SENTENCES: Final = sentences(test_voucher_providers)
METHOD_SENTENCES: Final = sentences(test_method_providers)
Lie = Callable[..., Any]  # the true method first, then what it was given
_fresh = count(1)


class Liar:
    """A connector that is true in all but some methods."""

    def __init__(self, truth: Any, lies: Mapping[str, Lie]) -> None:
        self._truth, self._lies = truth, lies

    def __getattr__(self, name: str) -> Callable[..., Any]:
        true = getattr(self._truth, name)
        lie = self._lies.get(name)
        return true if lie is None else lambda *given: lie(true, *given)


def lying(table: Mapping[str, Callable[[ConnectorSettings], Any]], lies: Mapping[str, Lie]) -> Callable[..., Any]:
    return lambda settings: Liar(table["sandbox"](settings), lies)


def says_yes(true: Lie, *given: Any) -> Answer:
    return YES


def never_arrived(true: Lie, *given: Any) -> None:
    return None


def calls_a_lost_answer_a_refusal(true: Lie, *given: Any) -> Any:
    try:
        return true(*given)
    except OutcomeUnknown:
        return NO


def calls_a_lost_answer_nothing_done(true: Lie, *given: Any) -> Any:
    try:
        return true(*given)
    except OutcomeUnknown as error:
        raise Unavailable("nothing happened") from error


def calls_no_answer_never_arrived(true: Lie, *given: Any) -> Any:
    try:
        return true(*given)
    except Unavailable:
        return None


def has_no_memory_for_refusals(true: Lie, *given: Any) -> Any:
    answer = true(*given)
    return answer if answer is not None and answer.succeeded else None


def forgets_the_key(true: Lie, payment: Any, operation: Operation, *given: Any) -> Any:
    return true(payment, replace(operation, key=f"{operation.key}:{next(_fresh)}"), *given)


def reads_no_currency(true: Lie, payment: Any, *given: Any) -> Any:
    return true(payment, *(_in_euro(it) for it in given))


def _in_euro(it: Any) -> Any:
    if isinstance(it, Operation):
        return replace(it, amount=_in_euro(it.amount))
    return Money(it.minor, "EUR") if isinstance(it, Money) else it


def takes_live_for_test(true: Lie, payment: Any, *given: Any) -> Any:
    return true(replace(payment, environment=Environment.TEST), *given)


def takes_the_whole(true: Lie, payment: Any, operation: Operation) -> Any:
    return true(payment, replace(operation, amount=payment.amount))


def gives_back_more(true: Lie, payment: Any, operation: Operation) -> Any:
    true(payment, replace(operation, key=f"{operation.key}:more", amount=Money(1, operation.amount.currency)))
    return true(payment, operation)


def calls_a_gone_hold_refused(true: Lie, *given: Any) -> Any:
    answer = true(*given)
    return NO if answer.code == "already_released" else answer


def guesses_a_decline(true: Lie, payment: Any) -> Any:
    try:
        return true(payment)
    except Unavailable:
        return PageOutcome(PageState.DECLINED, 1, "05", "Declined")


def prints_the_token(true: Lie, payment: Any) -> Any:
    outcome = true(payment)
    return replace(outcome, message=f"token {outcome.token}")


def calls_an_agreement_paid(true: Lie, payment: Any) -> Any:
    outcome = true(payment)
    return replace(outcome, state=PageState.APPROVED) if outcome.state is PageState.AGREED else outcome


def calls_the_undecided_declined(true: Lie, payment: Any) -> Any:
    outcome = true(payment)
    return replace(outcome, state=PageState.DECLINED, code="05") if outcome.state is PageState.PENDING else outcome


def says_the_amount_that_was_wanted(true: Lie, payment: Any) -> Any:
    return replace(true(payment), amount=payment.amount)


def takes_any_code(true: Lie, payment: Any, code: Any) -> Any:
    return true(payment, "123456")


def asks_for_no_code(true: Lie, payment: Any, code: Any) -> Any:
    return true(payment, code or "123456")


def lets_codes_be_guessed(true: Lie, payment: Any, code: Any) -> Any:
    outcome = true(payment, code)
    return replace(outcome, tries_left=2) if outcome.state is PageState.OPEN else outcome


def calls_accepted_final(true: Lie, *given: Any) -> Any:
    answer = true(*given)
    return answer and replace(answer, final=True)


def shows_the_number(true: Lie, payment: Any, card: Any) -> Any:
    step = true(payment, card)
    return replace(step, card=replace(step.card, holder_name=card.number))


def guesses_an_invalid_code(true: Lie, payment: Any, *given: Any) -> Any:
    try:
        return true(payment, *given)
    except (OutcomeUnknown, Unavailable):
        return Validation(False, payment.amount.zero(), code="101")


def guesses_that_nobody_paid(true: Lie, payment: Any) -> Any:
    try:
        return true(payment)
    except (OutcomeUnknown, Unavailable):
        return MethodOutcome(MethodState.EXPIRED, "54", "The time to pay is over", closed=True)


def prints_another_slip(true: Lie, payment: Any) -> Any:
    return replace(true(payment), reference=f"slip {next(_fresh)}")


def tells_only_the_sum(true: Lie, payment: Any) -> Any:
    outcome = true(payment)
    return replace(outcome, received=outcome.received[:1])


def tells_nothing_after_the_end(true: Lie, payment: Any) -> Any:
    return MethodOutcome(MethodState.EXPIRED, "54", "The time to pay is over")


def says_closed(true: Lie, payment: Any) -> Any:
    return MethodOutcome(MethodState.EXPIRED, "54", "The time to pay is over", closed=True)


MONEY: Final = ("authorise", "capture", "void", "refund", "charge")
GATEWAY_LIES: Final[dict[str, tuple[Lie, tuple[str, ...], str]]] = {
    "a lost answer is a refusal": (calls_a_lost_answer_a_refusal, MONEY, "test_a_lost_answer_is_never_guessed"),
    "a lost answer is nothing done": (calls_a_lost_answer_nothing_done, MONEY, "test_a_lost_answer_is_never_guessed"),
    "no answer is never arrived": (calls_no_answer_never_arrived, ("lookup",), "test_no_answer_to_the_question"),
    "refusals are forgotten": (has_no_memory_for_refusals, ("lookup",), "test_asking_about_a_refusal"),
    "everything arrived": (says_yes, ("lookup",), "test_asking_about_a_call_that_never_came"),
    "each call is a new one": (forgets_the_key, MONEY, "test_the_same_key_moves_money_once"),
    "every amount is in euro": (reads_no_currency, MONEY, "test_another_currency"),
    "live is test": (takes_live_for_test, MONEY, "test_a_live_payment"),
    "a part is the whole": (takes_the_whole, ("capture",), "test_a_capture_takes_its_amount"),
    "a cent more": (gives_back_more, ("refund",), "test_refunds_add_up"),
    "a gone hold is a refusal": (calls_a_gone_hold_refused, ("void",), "test_voiding_a_hold_that_is_gone"),
    "no answer is a decline": (guesses_a_decline, ("page_outcome",), "test_a_page_that_cannot_be_asked"),
    "the token is printed": (prints_the_token, ("page_outcome",), "test_a_token_comes_only"),
    "an agreement is paid": (calls_an_agreement_paid, ("page_outcome",), "test_an_agreement_moves_nothing"),
    "undecided is declined": (calls_the_undecided_declined, ("page_outcome",), "test_a_bank_that_is_undecided"),
    "no amount is wrong": (says_the_amount_that_was_wanted, ("page_outcome",), "test_an_approval_says_its_amount"),
    "any code is right": (takes_any_code, ("authenticate",), "test_the_last_wrong_code"),
    "a code is not asked for": (asks_for_no_code, ("authenticate",), "test_a_missing_code"),
    "codes can be guessed": (lets_codes_be_guessed, ("authenticate",), "test_the_last_wrong_code"),
    "the number is shown": (shows_the_number, ("present_card",), "test_a_presented_card_is_shown"),
    "whatever was agreed to": (takes_the_whole, ("authorise",), "test_no_other_amount"),
    "accepted is final": (calls_accepted_final, ("capture", "lookup"), "test_what_is_only_accepted"),
    "deleting is saying so": (says_yes, ("delete_token",), "test_a_token_that_was_deleted"),
}
MOVES: Final = ("spend", "reverse")
PROVIDER_LIES: Final[dict[str, tuple[Lie, tuple[str, ...], str]]] = {
    "a lost answer is a refusal": (calls_a_lost_answer_a_refusal, MOVES, "test_a_lost_answer_is_never_guessed"),
    "a lost answer is nothing done": (calls_a_lost_answer_nothing_done, MOVES, "test_a_lost_answer_is_never_guessed"),
    "no answer is never arrived": (calls_no_answer_never_arrived, ("lookup",), "test_no_answer_to_the_question"),
    "refusals are forgotten": (has_no_memory_for_refusals, ("lookup",), "test_asking_about_a_refusal"),
    "everything arrived": (says_yes, ("lookup",), "test_asking_about_a_call_that_never_came"),
    "every amount is in euro": (reads_no_currency, MOVES, "test_another_currency"),
    "live is test": (takes_live_for_test, MOVES, "test_a_live_payment"),
    "no answer is an invalid code": (guesses_an_invalid_code, ("validate",), "test_a_code_that_cannot_be_asked"),
    "nobody is told": (says_yes, ("notify",), "test_the_issuer_is_told"),
}

METHOD_LIES: Final[dict[str, tuple[Lie, tuple[str, ...], str]]] = {
    "a lost answer is a refusal": (calls_a_lost_answer_a_refusal, ("refund",), "test_a_lost_answer_is_never_guessed"),
    "a lost answer is nothing done": (
        calls_a_lost_answer_nothing_done,
        ("refund",),
        "test_a_lost_answer_is_never_guessed",
    ),
    "a lost beginning is nothing begun": (
        calls_a_lost_answer_nothing_done,
        ("begin",),
        "test_a_beginning_whose_answer_was_lost",
    ),
    "no answer is never arrived": (calls_no_answer_never_arrived, ("lookup",), "test_no_answer_to_the_question"),
    "refusals are forgotten": (has_no_memory_for_refusals, ("lookup",), "test_asking_about_a_refusal"),
    "everything arrived": (says_yes, ("lookup",), "test_asking_about_a_call_that_never_came"),
    "each call is a new one": (forgets_the_key, ("refund",), "test_the_same_key_gives_back_once"),
    "every amount is in euro": (reads_no_currency, ("refund",), "test_another_currency"),
    "live is test": (takes_live_for_test, ("begin", "refund"), "test_a_live_payment"),
    "a cent more": (gives_back_more, ("refund",), "test_what_came_is_given_back"),
    "no answer is unpaid": (guesses_that_nobody_paid, ("outcome",), "test_a_payment_that_cannot_be_asked_about"),
    "each slip is a new one": (prints_another_slip, ("begin",), "test_who_begins_again"),
    "a part is the whole": (tells_only_the_sum, ("outcome",), "test_parts_and_money_that_comes_twice"),
    "late money is not told": (tells_nothing_after_the_end, ("outcome",), "test_money_that_comes_late"),
    "closing is saying so": (guesses_that_nobody_paid, ("close",), "test_closing_that_was_not_answered"),
    "closed and yet open": (says_closed, ("close",), "test_what_is_called_closed"),
}


class YesGateway:
    """Every method succeeds and nothing reaches anybody."""

    def __init__(self, settings: ConnectorSettings) -> None:
        pass

    def open_page(self, request: Any) -> Page:
        return Page(request.payment.page_id, "https://pages.example/")

    def page_outcome(self, payment: Any) -> PageOutcome:
        card = Card("VISA", "4242", "12/30", "Ada Rossi")
        return PageOutcome(PageState.APPROVED, 1, "00", "Approved", "REF_1", card, "token")

    def close_page(self, payment: Any) -> PageOutcome:
        return self.page_outcome(payment)

    def lookup(self, *given: Any) -> None:
        return None

    def __getattr__(self, name: str) -> Callable[..., Answer]:
        return lambda *given: YES


class YesProvider:
    """The same of vouchers."""

    def __init__(self, settings: ConnectorSettings) -> None:
        pass

    def validate(self, *given: Any) -> Validation:
        return Validation(True, test_voucher_providers.WORTH, "1", "000", "OK")

    def lookup(self, *given: Any) -> None:
        return None

    def __getattr__(self, name: str) -> Callable[..., Answer]:
        return lambda *given: YES


class YesMethods:
    """The same of methods: everything is begun, paid and given back."""

    def __init__(self, settings: ConnectorSettings) -> None:
        pass

    def begin(self, payment: Any) -> Begun:
        return Begun("1", None, payment.created_at + timedelta(seconds=test_method_providers.HOUR))

    def outcome(self, payment: Any) -> MethodOutcome:
        return MethodOutcome(MethodState.PAID, "00", "Done", "1", (Receipt("1", payment.due),), closed=True)

    def close(self, payment: Any) -> MethodOutcome:
        return self.outcome(payment)

    def refund(self, *given: Any) -> Answer:
        return YES

    def lookup(self, *given: Any) -> None:
        return None


YES_MONEY: Final = {**dict.fromkeys((*MONEY, "delete_token"), says_yes), "lookup": never_arrived}
YES_VOUCHERS: Final = {**dict.fromkeys((*MOVES, "notify"), says_yes), "lookup": never_arrived}
# Nothing was asked of anybody, so that "it never came" is the truth.
TRUE_OF_NOTHING: Final = frozenset(
    {
        "test_asking_about_a_call_that_never_came_moves_nothing-sale",
        "test_asking_about_a_call_that_never_came_moves_nothing-spend",
        "test_a_good_code_says_what_it_is_worth_and_is_not_spent_by_asking",
    }
)
# Money that comes is what it says of everything, and nothing was asked of anybody.
TRUE_OF_NO_METHOD: Final = ("test_asking_about_a_call_that_never_came_",)
# About the page and the code alone, which the liar about money leaves as they are.
TRUE_OF_PAGES: Final = (
    "test_a_page_",
    "test_an_approval_",
    "test_a_sale_takes_",
    "test_a_decline_",
    "test_a_second_try_",
    "test_a_customer_who_leaves_",
    "test_asking_twice_",
    "test_closing_a_page_",
    "test_a_token_comes_only_",
    "test_a_bank_that_is_undecided_",
    "test_a_presented_card_",
    "test_a_card_that_is_not_taken_",
    "test_a_missing_code_",
    "test_no_other_card_pays_",
    "test_a_closed_page_has_no_answer_",
    "test_asking_about_a_call_that_never_came_",
)
TRUE_OF_CODES: Final = (
    "test_a_provider_knows_the_form_",
    "test_what_is_reserved_",
    "test_a_good_code_",
    "test_a_code_that_nobody_issued_",
    "test_a_code_that_the_issuer_refuses_",
    "test_a_code_of_another_currency_",
    "test_a_code_that_cannot_be_asked_about_",
    "test_asking_about_a_call_that_never_came_moves_nothing-spend",
)


def holds(sentence: Sentence, ground: Any) -> bool:
    try:
        sentence.call(ground)
    except (Exception, pytest.fail.Exception):
        return False
    return True


def cards(build: Callable[..., Any]) -> Any:
    return test_card_gateways.on_ground("sandbox", build)


def vouchers(build: Callable[..., Any]) -> Any:
    return test_voucher_providers.on_ground("sandbox", build)


def methods(build: Callable[..., Any]) -> Any:
    return test_method_providers.on_ground("sandbox", build)


def those(sentences: list[Sentence], *, but: tuple[str, ...] = (), beginning: str = "test_") -> list[Sentence]:
    wanted = [sentence for sentence in sentences if sentence.name.startswith(beginning)]
    return [sentence for sentence in wanted if not (but and sentence.name.startswith(but))]


def named(sentence: Sentence) -> str:
    return sentence.name


@pytest.mark.parametrize("sentence", those(CARD_SENTENCES, but=tuple(TRUE_OF_NOTHING)), ids=named)
def test_a_gateway_that_says_yes_to_everything_fails(sentence: Sentence) -> None:
    assert not holds(sentence, cards(YesGateway))


@pytest.mark.parametrize("sentence", those(CARD_SENTENCES, but=TRUE_OF_PAGES), ids=named)
def test_a_gateway_with_true_pages_that_says_yes_to_all_that_moves_money_fails(sentence: Sentence) -> None:
    assert not holds(sentence, cards(lying(CARD_GATEWAYS, YES_MONEY)))


@pytest.mark.parametrize("sentence", those(VOUCHER_SENTENCES, but=tuple(TRUE_OF_NOTHING)), ids=named)
def test_a_provider_that_says_yes_to_everything_fails(sentence: Sentence) -> None:
    assert not holds(sentence, vouchers(YesProvider))


@pytest.mark.parametrize("sentence", those(VOUCHER_SENTENCES, but=TRUE_OF_CODES), ids=named)
def test_a_provider_with_true_codes_that_says_yes_to_all_that_moves_money_fails(sentence: Sentence) -> None:
    assert not holds(sentence, vouchers(lying(VOUCHER_PROVIDERS, YES_VOUCHERS)))


@pytest.mark.parametrize("sentence", those(METHOD_SENTENCES, but=TRUE_OF_NO_METHOD), ids=named)
def test_a_method_provider_that_says_yes_to_everything_fails(sentence: Sentence) -> None:
    assert not holds(sentence, methods(YesMethods))


@pytest.mark.parametrize("name", METHOD_LIES)
def test_one_lie_of_a_method_provider_is_found_by_the_sentence_about_it(name: str) -> None:
    lie, lying_in, about = METHOD_LIES[name]
    concerned = those(METHOD_SENTENCES, beginning=about)

    false = [s for s in concerned if not holds(s, methods(lying(METHOD_PROVIDERS, dict.fromkeys(lying_in, lie))))]

    assert concerned
    assert false


@pytest.mark.parametrize("name", GATEWAY_LIES)
def test_one_lie_of_a_gateway_is_found_by_the_sentence_about_it(name: str) -> None:
    lie, methods, about = GATEWAY_LIES[name]
    concerned = those(CARD_SENTENCES, beginning=about)

    false = [s for s in concerned if not holds(s, cards(lying(CARD_GATEWAYS, dict.fromkeys(methods, lie))))]

    assert concerned
    assert false


@pytest.mark.parametrize("name", PROVIDER_LIES)
def test_one_lie_of_a_provider_is_found_by_the_sentence_about_it(name: str) -> None:
    lie, methods, about = PROVIDER_LIES[name]
    concerned = those(VOUCHER_SENTENCES, beginning=about)

    false = [s for s in concerned if not holds(s, vouchers(lying(VOUCHER_PROVIDERS, dict.fromkeys(methods, lie))))]

    assert concerned
    assert false


def test_the_truth_holds_in_every_sentence() -> None:
    true = [(CARD_SENTENCES, cards, CARD_GATEWAYS), (VOUCHER_SENTENCES, vouchers, VOUCHER_PROVIDERS)]
    true.append((METHOD_SENTENCES, methods, METHOD_PROVIDERS))

    for suite, ground, table in true:
        assert [s.name for s in suite if not holds(s, ground(lying(table, {})))] == []
