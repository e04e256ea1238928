"""What every card gateway must do, whoever is behind it: one suite over the registry's table and its far sides.

``tests/contract/test_lying_connectors.py`` shows that the sentences can fail.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest

from shared.adapters.card_gateways import CARD_GATEWAYS
from shared.domain.card import CardPage, Challenge
from shared.domain.card_data import CardData
from shared.domain.decline import Decline
from shared.domain.errors import GatewayNotConfigured, InvalidRequest, NobodyKnows, OutcomeUnknown, Unprocessable
from shared.domain.ids import MerchantId, PageId
from shared.domain.money import Money
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Environment, Payment
from shared.domain.saved_card import SavedCard
from shared.domain.taking import pending
from shared.ports.connectors import CardGateway, PageRequest, PageState
from tests.contract.connectors import refused, struck, succeeded
from tools.testing.builders import MERCHANT, TEST, a_payment, euro
from tools.testing.fakes import NOON
from tools.testing.far_sides import CARD_FAR_SIDES
from tools.testing.far_sides.side import (
    BankFarSide,
    CardBook,
    CardFarSide,
    Presentable,
    SigningFarSide,
    WaitingFarSide,
)
from tools.testing.far_sides.switch import FAULTS, FAULTS_OF_QUESTIONS, Damage, Fault

_keys = count(1)
WHOLE, PART, REST = euro(150_00), euro(100_00), euro(50_00)
NOTHING = euro(0)


@dataclass
class Ground:
    """A gateway, its far side, and payments that got so far."""

    name: str
    gateway: CardGateway
    side: CardFarSide

    def opened(self, *, sale: bool = False, tokenize: bool = False, **overrides: Any) -> Payment:
        presented = overrides.pop("presented", False)
        payment = a_payment(gateway=self.name, **overrides)
        return self.shown(
            payment, page_for(payment, payment.page_id, sale=sale, tokenize=tokenize, presented=presented)
        )

    def shown(self, payment: Payment, request: PageRequest) -> Payment:
        page = self.gateway.open_page(request)
        kept = CardPage(request.try_number, page.page_id, NOON, page.url, dict(page.handle), page.framable)
        return replace(payment, page_id=page.page_id, redirect_url=page.redirect_url, card_page=kept)

    def held(self, **overrides: Any) -> Payment:
        payment = self.opened(**overrides)
        assert self.pays(payment, sale=bool(overrides.get("sale")))
        outcome = self.gateway.page_outcome(payment)
        assert outcome.state is PageState.APPROVED
        kind = Kind.SALE if overrides.get("sale") else Kind.PREAUTH
        return done(payment, new(payment, kind, WHOLE), Answer(State.SUCCEEDED, "00", reference=outcome.reference))

    def pays(self, payment: Payment, *, sale: bool = False) -> bool:
        """The customer pays; what is only agreed to there, we say. False when the page takes no card any more."""
        if not self.side.approve(payment):
            return False
        answer = self.says(payment, sale=sale)
        return answer is None or answer.succeeded

    def says(self, payment: Payment, *, sale: bool = False) -> Answer | None:
        """What comes of it that we authorise what was agreed to; None where it is not for us to do."""
        if self.gateway.page_outcome(payment).state is not PageState.AGREED:
            return None
        return self.gateway.authorise(payment, self.placed(payment, sale=sale))

    def placed(self, payment: Payment, *, sale: bool = False) -> Operation:
        return new(payment, Kind.SALE if sale else Kind.PREAUTH, WHOLE)

    def declined(self, payment: Payment) -> tuple[Payment, bool]:
        """The payment after a declined card, with our refused call if it was for us to make, and whether we hear."""
        told = self.side.decline(payment)
        answer = self.says(payment)
        return (done(payment, self.placed(payment), answer) if answer else payment), told

    def agreed(self) -> Payment:
        payment = self.opened()
        if not self.side.agree(payment):
            pytest.skip("this acquirer holds the money itself")
        return payment

    @property
    def cards(self) -> Presentable:
        if self.side.presentable is None:
            pytest.skip("this acquirer takes no card from a merchant's server")
        return self.side.presentable

    def presented(self, card: CardData) -> Payment:
        payment = self.opened(sale=True, presented=True)
        self.gateway.present_card(payment, card)
        return payment

    def sent_to_bank(self) -> tuple[Payment, Operation]:
        """A payment whose holder agreed, and whose card's bank wants to see them; with our call, which told us."""
        if self.cards.with_bank is None:
            pytest.skip("nobody is led to a bank's page here")
        payment = self.presented(self.cards.with_bank)
        assert self.gateway.authenticate(payment, None).state is PageState.AGREED
        made = self.placed(payment, sale=True)
        answer = self.gateway.authorise(payment, made)
        assert (answer.state, bool(answer.url)) == (State.UNKNOWN, True)
        return payment, made

    def at_bank(self, payment: Payment, *, passes: bool) -> bool:
        assert isinstance(self.side, BankFarSide)
        return self.side.been_to_bank(payment, passes=passes)

    @property
    def coded(self) -> list[tuple[CardData, str | None]]:
        """The cards that are not declined with what their holders are asked for."""
        cards = self.cards
        return [(cards.plain, None), *([(cards.with_code, cards.code)] if cards.with_code else [])]

    def captured(self, amount: Money = WHOLE) -> Payment:
        payment = self.held()
        made = new(payment, Kind.CAPTURE, amount)
        return done(payment, made, succeeded(self.gateway.capture(payment, made)))

    def unpaid(self, **overrides: Any) -> Payment:
        """A payment that is to be charged to a saved card: it has no page of its own."""
        if not self.gateway.abilities.tokens:
            pytest.skip("this acquirer saves no cards")
        return a_payment(gateway=self.name, saved_card=1, **overrides)

    @property
    def part(self) -> Money:
        """What is captured where a part will do; all of it where the gateway knows no part."""
        return PART if self.gateway.abilities.partial_capture else WHOLE

    def token_for(self, move: Move) -> str:
        """What a charge of a saved card needs, and no other call."""
        return self.token() if move.kind is Kind.SALE else ""

    def token(self) -> str:
        if not self.gateway.abilities.tokens:
            pytest.skip("this acquirer saves no cards")
        payment = self.held(tokenize=True)
        token = self.gateway.page_outcome(payment).token
        assert token
        return token

    def can_be_asked(self, move: Move) -> bool:
        return move.kind in self.gateway.abilities.asks

    def is_for_a_person(self, move: Move) -> bool:
        """Whether its lost answer can neither be asked for nor be had by making the call again."""
        return not self.can_be_asked(move) and move.kind not in self.gateway.abilities.repeats

    knows_keys = can_be_asked  # who is asked by a key keeps what it answered to it

    def book(self, payment: Payment) -> tuple[Money, Money, Money]:
        """Held, captured, refunded, by the far side's own books."""
        book: CardBook = self.side.book(payment)
        return book.held, book.captured, book.refunded


def on_ground(name: str, gateway: Callable[..., CardGateway]) -> Ground:
    assert name in CARD_FAR_SIDES, (
        f"{name} has no far side in tools/testing/far_sides: nothing it says can be checked"
    )
    side = CARD_FAR_SIDES[name]()
    return Ground(name, gateway(side.settings), side)


@pytest.fixture(params=CARD_GATEWAYS)
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    made = on_ground(request.param, CARD_GATEWAYS[request.param])
    yield made
    made.side.close()


def new(payment: Payment, kind: Kind, amount: Money) -> Operation:
    """An operation that was never sent."""
    return pending(payment, kind, next(_keys), amount, NOON)


def page_for(payment: Payment, page_id: PageId, **wanted: Any) -> PageRequest:
    return PageRequest(payment, page_id, return_url="https://gateway.example/return", **wanted)


def done(payment: Payment, made: Operation, answer: Answer) -> Payment:
    """The payment with that in its journal: what the acquirer calls it is needed for what follows."""
    return payment.with_operation(made.closed(answer, NOON))


def taken_up(made: Operation) -> Operation:
    """As a later visit sends it: an earlier one may have sent it before."""
    return replace(made, taken_at=NOON)


# ---- the card page -----------------------------------------------------------------------------------


def test_a_page_is_open_until_somebody_pays(ground: Ground) -> None:
    payment = ground.opened()
    assert payment.card_page is not None

    assert payment.redirect_url.startswith("https://") or payment.card_page.url
    assert ground.gateway.page_outcome(payment).state is PageState.OPEN
    assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


def test_an_approval_holds_the_whole_amount_and_takes_none(ground: Ground) -> None:
    payment = ground.held()

    assert ground.book(payment) == (WHOLE, NOTHING, NOTHING)


def test_a_sale_takes_the_whole_amount_at_once(ground: Ground) -> None:
    payment = ground.held(sale=True)

    assert ground.book(payment) == (NOTHING, WHOLE, NOTHING)


def test_an_approval_says_which_card_it_was_and_shows_no_number(ground: Ground) -> None:
    outcome = ground.gateway.page_outcome(ground.held())

    assert (outcome.card is not None) == ground.gateway.abilities.shows_cards
    assert outcome.card is None or len(outcome.card.last4) == 4
    assert outcome.reference
    unnumbered = replace(
        outcome, reference=None, auth_code=None
    )  # an acquirer's own numbers may be as long as a card's
    assert max(len(digits) for digits in _runs_of_digits(repr(unnumbered))) < 12


def test_a_decline_has_a_code_and_holds_nothing(ground: Ground) -> None:
    payment = ground.opened()

    payment, told = ground.declined(payment)
    outcome = ground.gateway.page_outcome(payment)
    if not told:  # another card is tried there, until the page is closed
        assert outcome.state is PageState.OPEN
        outcome = ground.gateway.close_page(payment)

    assert outcome.state is PageState.DECLINED
    assert outcome.code
    assert outcome.reason
    assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


def test_a_second_try_after_a_decline_is_told_from_the_first(ground: Ground) -> None:
    payment, _ = ground.declined(ground.opened())
    first = ground.gateway.page_outcome(payment)
    if first.closed:
        assert not ground.pays(payment)  # spent: the next sentence is about the page after it
        return

    assert ground.pays(payment)

    second = ground.gateway.page_outcome(payment)
    assert second.state is PageState.APPROVED
    assert second.number > first.number


def test_a_page_in_place_of_a_spent_one_goes_on_counting_and_is_paid_alone(ground: Ground) -> None:
    payment, _ = ground.declined(ground.opened())
    first = ground.gateway.page_outcome(payment)

    next_id, number = PageId(f"{payment.page_id[:-4]}NEXT"), first.number + 1
    payment = ground.shown(payment, page_for(payment, next_id, sale=False, tokenize=False, try_number=number))

    assert ground.gateway.page_outcome(payment).state is PageState.OPEN
    assert ground.pays(payment)
    assert ground.gateway.page_outcome(payment).number == number
    assert ground.book(payment) == (WHOLE, NOTHING, NOTHING)


def test_a_customer_who_leaves_has_cancelled_and_pays_nothing(ground: Ground) -> None:
    payment = ground.opened()

    told = ground.side.leave(payment)

    assert ground.gateway.page_outcome(payment).state is (PageState.CANCELLED if told else PageState.OPEN)
    assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


def test_asking_twice_is_told_the_same(ground: Ground) -> None:
    payment = ground.held()

    assert ground.gateway.page_outcome(payment) == ground.gateway.page_outcome(payment)
    assert ground.book(payment) == (WHOLE, NOTHING, NOTHING)


def test_closing_a_page_tells_what_it_came_to(ground: Ground) -> None:
    paid, (declined, _) = ground.held(), ground.declined(ground.opened())

    assert ground.gateway.close_page(paid).state is PageState.APPROVED
    assert ground.gateway.close_page(declined).state is PageState.DECLINED
    assert ground.book(paid) == (WHOLE, NOTHING, NOTHING)


def test_a_page_that_says_it_is_closed_takes_no_card_and_one_that_does_not_tells_of_a_late_one(
    ground: Ground,
) -> None:
    payment = ground.opened()
    closed = ground.gateway.close_page(payment)

    paid = ground.pays(payment)

    assert not (closed.closed and paid)
    assert (ground.gateway.page_outcome(payment).state is PageState.APPROVED) == paid
    assert ground.book(payment)[0] == (WHOLE if paid else NOTHING)


@pytest.mark.parametrize("fault", FAULTS_OF_QUESTIONS, ids=str)
def test_a_page_that_cannot_be_asked_about_is_not_guessed_about(ground: Ground, fault: Fault) -> None:
    asked_about = [ground.held()] if ground.side.pages_are_ours else [ground.held(), ground.opened()]
    for payment in asked_about:
        struck(ground.side.switch, fault, lambda payment=payment: ground.gateway.page_outcome(payment))  # type: ignore[misc]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_page_whose_opening_was_not_answered_is_opened_again_and_paid_once(ground: Ground, fault: Fault) -> None:
    payment = a_payment(gateway=ground.name)
    request = page_for(payment, payment.page_id, sale=False, tokenize=False)

    if not ground.side.pages_are_ours:  # elsewhere nobody is asked
        struck(ground.side.switch, fault, lambda: ground.gateway.open_page(request))
    payment = ground.shown(payment, request)

    assert ground.pays(payment)
    assert ground.book(payment) == (WHOLE, NOTHING, NOTHING)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_page_whose_closing_was_not_answered_is_closed_again(ground: Ground, fault: Fault) -> None:
    payment = ground.opened()

    if ground.gateway.abilities.closes_pages:  # elsewhere it is a question like any other
        struck(ground.side.switch, fault, lambda: ground.gateway.close_page(payment))

    assert ground.gateway.close_page(payment).state is PageState.OPEN
    assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


# ---- who has agreed, and banks that do not know ---------------------------------------------------------


def test_an_approval_says_its_amount_and_a_wrong_one_is_not_hidden(ground: Ground) -> None:
    assert ground.gateway.page_outcome(ground.held()).amount in (WHOLE, None)
    payment = ground.opened()
    if not ground.side.approve_another_amount(payment):
        return

    outcome = ground.gateway.page_outcome(payment)

    assert outcome.state is PageState.APPROVED
    assert outcome.amount is not None
    assert outcome.amount == ground.book(payment)[0] != WHOLE


def test_an_agreement_moves_nothing_until_it_is_authorised_and_stays_one_try(ground: Ground) -> None:
    payment = ground.agreed()

    agreed = ground.gateway.page_outcome(payment)
    assert (agreed.state, ground.book(payment)) == (PageState.AGREED, (NOTHING, NOTHING, NOTHING))
    answer = succeeded(ground.gateway.authorise(payment, new(payment, Kind.PREAUTH, WHOLE)))

    approved = ground.gateway.page_outcome(payment)
    assert (approved.state, approved.number) == (PageState.APPROVED, agreed.number)
    assert answer.reference == approved.reference
    assert ground.book(payment) == (WHOLE, NOTHING, NOTHING)


def test_no_other_amount_than_was_agreed_to_is_authorised(ground: Ground) -> None:
    payment = ground.agreed()

    refused(ground.gateway.authorise(payment, new(payment, Kind.PREAUTH, PART)))

    assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


def test_nothing_is_authorised_that_nobody_agreed_to_or_whose_page_is_closed(ground: Ground) -> None:
    closed, opened = ground.agreed(), ground.opened()
    closes = ground.gateway.close_page(closed).closed

    refused(ground.gateway.authorise(opened, new(opened, Kind.PREAUTH, WHOLE)))
    answer = ground.gateway.authorise(closed, new(closed, Kind.PREAUTH, WHOLE))

    assert closes != answer.succeeded
    assert ground.book(opened) == (NOTHING, NOTHING, NOTHING)
    assert ground.book(closed)[0] == (NOTHING if closes else WHOLE)


@pytest.mark.parametrize("approves", [True, False])
def test_a_bank_that_is_undecided_is_waited_for_and_no_other_card_pays_meanwhile(
    ground: Ground, approves: bool
) -> None:
    payment = ground.opened()
    if not ground.side.hesitate(payment, approves=approves):
        return

    undecided = ground.gateway.page_outcome(payment)
    assert (undecided.state, undecided.number) == (PageState.PENDING, 1)
    assert ground.gateway.close_page(payment).closed is False
    ground.pays(payment)
    assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)
    ground.side.decide(payment)

    decided = ground.gateway.page_outcome(payment)
    assert decided.state is (PageState.APPROVED if approves else PageState.DECLINED)
    assert decided.number == undecided.number
    assert ground.book(payment)[0] == (WHOLE if approves else NOTHING)


# ---- cards that a merchant's server presents --------------------------------------------------------------


def test_a_presented_card_is_shown_masked_and_moves_nothing_or_the_gateway_has_no_such_door(ground: Ground) -> None:
    assert ground.gateway.abilities.server_to_server == (ground.side.presentable is not None)
    if ground.side.presentable is None:
        payment, card = ground.opened(sale=True), CardData("4242424242424242", "Ada Rossi", 12, 2030, "123")
        with pytest.raises(Unprocessable):
            ground.gateway.present_card(payment, card)
        with pytest.raises(Unprocessable):
            ground.gateway.authenticate(payment, None)
        return
    for card, code in ground.coded:
        payment = ground.opened(sale=True, presented=True)

        step = ground.gateway.present_card(payment, card)

        assert step.challenge in (Challenge.OTP if code else Challenge.NONE, Challenge.REDIRECT)
        assert (step.card.first6, step.card.last4) == (card.number[:6], card.number[-4:])
        assert max(len(digits) for digits in _runs_of_digits(repr(step))) < 12
        assert ground.gateway.page_outcome(payment).state is PageState.OPEN
        assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


def test_a_card_that_is_not_taken_is_the_callers_mistake_and_another_may_be_presented(ground: Ground) -> None:
    payment = ground.opened(sale=True, presented=ground.side.presentable is not None)

    with pytest.raises(InvalidRequest) as caught:
        ground.gateway.present_card(payment, ground.cards.not_taken)

    assert ground.cards.not_taken.number not in str(caught.value)
    assert ground.gateway.present_card(payment, ground.cards.plain).card.last4 == ground.cards.plain.number[-4:]


def test_its_holder_agrees_and_only_what_is_authorised_is_charged(ground: Ground) -> None:
    for card, code in ground.coded:
        payment = ground.presented(card)

        agreed = [ground.gateway.authenticate(payment, code) for _ in range(2)]

        assert agreed[0] == agreed[1] == ground.gateway.page_outcome(payment)
        assert (agreed[0].state, ground.book(payment)) == (PageState.AGREED, (NOTHING, NOTHING, NOTHING))
        succeeded(ground.gateway.authorise(payment, new(payment, Kind.SALE, WHOLE)))
        assert ground.book(payment) == (NOTHING, WHOLE, NOTHING)
        assert ground.gateway.authenticate(payment, code).state is PageState.APPROVED


def test_a_missing_code_is_asked_for_and_costs_no_try(ground: Ground) -> None:
    payment = ground.presented(_asking_for_a_code(ground))

    with pytest.raises(InvalidRequest):
        ground.gateway.authenticate(payment, None)

    assert ground.gateway.authenticate(payment, ground.cards.code).state is PageState.AGREED


def test_the_last_wrong_code_declines_and_the_right_one_comes_too_late(ground: Ground) -> None:
    payment = ground.presented(_asking_for_a_code(ground))
    said = [ground.gateway.authenticate(payment, "000000") for _ in range(ground.cards.most_codes)]

    left = [(outcome.state, outcome.tries_left) for outcome in said]
    assert left[:-1] == [(PageState.OPEN, n) for n in range(ground.cards.most_codes - 1, 0, -1)]
    assert (said[-1].state, said[-1].reason) == (PageState.DECLINED, Decline.AUTHENTICATION_FAILED)
    assert ground.gateway.authenticate(payment, ground.cards.code).state is PageState.DECLINED
    refused(ground.gateway.authorise(payment, new(payment, Kind.SALE, WHOLE)))
    assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


def test_a_presented_card_can_be_declined_with_and_without_a_code(ground: Ground) -> None:
    cards = ground.cards
    for card, code in ((cards.refused, None), (cards.refused_after_code, cards.code)):
        if card is None:
            continue
        payment = ground.presented(card)

        outcome = ground.gateway.authenticate(payment, code)
        if outcome.state is PageState.AGREED:  # its bank is asked with our call alone
            refused(ground.gateway.authorise(payment, ground.placed(payment, sale=True)))
            outcome = ground.gateway.page_outcome(payment)

        assert (outcome.state, outcome.reason) == (PageState.DECLINED, Decline.CARD_DECLINED)
        assert outcome.code
        assert ground.gateway.page_outcome(payment) == outcome
        assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


def _asking_for_a_code(ground: Ground) -> CardData:
    if ground.cards.with_code is None:
        pytest.skip("nobody is asked for a code here")
    return ground.cards.with_code


def test_nobody_is_charged_before_the_holder_of_a_presented_card_was_asked(ground: Ground) -> None:
    payment = ground.presented(ground.cards.plain)

    refused(ground.gateway.authorise(payment, ground.placed(payment, sale=True)))

    assert ground.gateway.page_outcome(payment).state is PageState.OPEN
    assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


@pytest.mark.parametrize("passes", [True, False])
def test_a_holder_goes_to_their_bank_and_is_charged_once_or_not_at_all(ground: Ground, passes: bool) -> None:
    payment, made = ground.sent_to_bank()
    told = ground.gateway.lookup(payment, made)
    assert told is not None
    assert (told.state, bool(told.url)) == (State.UNKNOWN, True)
    assert told.url not in repr(told)
    assert ground.gateway.page_outcome(payment).state is PageState.AGREED
    assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)

    assert ground.at_bank(payment, passes=passes)

    outcome, told = ground.gateway.page_outcome(payment), ground.gateway.lookup(payment, made)
    assert told == ground.gateway.authorise(payment, taken_up(made))
    assert told is not None
    assert told.succeeded is passes
    assert outcome.state is (PageState.APPROVED if passes else PageState.DECLINED)
    assert outcome.reason is (None if passes else Decline.AUTHENTICATION_FAILED)
    assert ground.book(payment) == (NOTHING, WHOLE if passes else NOTHING, NOTHING)


def test_a_holder_who_is_at_their_bank_when_the_page_is_closed_pays_nothing(ground: Ground) -> None:
    payment, made = ground.sent_to_bank()

    assert ground.gateway.close_page(payment).closed

    assert not ground.at_bank(payment, passes=True)
    told = ground.gateway.lookup(payment, made)
    assert told is not None
    refused(told)
    assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_presented_cards_charge_whose_answer_was_lost_is_asked_for_and_made_once(
    ground: Ground, fault: Fault
) -> None:
    payment = ground.presented(ground.cards.plain)
    ground.gateway.authenticate(payment, None)
    made = ground.placed(payment, sale=True)

    unknown = struck(ground.side.switch, fault, lambda: ground.gateway.authorise(payment, made))

    acted = ground.book(payment) == (NOTHING, WHOLE, NOTHING)
    assert unknown or not acted
    told = ground.gateway.lookup(payment, made)
    assert (told is not None and told.succeeded) == acted
    asked_again = replace(taken_up(made), asks=1)
    succeeded(ground.gateway.authorise(payment, asked_again))
    assert ground.book(payment) == (NOTHING, WHOLE, NOTHING)


def test_no_other_card_pays_where_one_was_presented(ground: Ground) -> None:
    card = ground.cards.with_code or ground.cards.with_bank
    assert card is not None
    payment = ground.presented(card)

    assert not ground.pays(payment)

    assert ground.gateway.page_outcome(payment).state is PageState.OPEN
    assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


def test_a_closed_page_has_no_answer_for_the_holder_of_a_presented_card(ground: Ground) -> None:
    payment = ground.presented(ground.cards.plain)
    closed = ground.gateway.close_page(payment).closed

    outcome = ground.gateway.authenticate(payment, None)

    assert (outcome.state is PageState.AGREED) != closed
    assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


# ---- capture -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [False, True])
def test_a_capture_takes_its_amount_and_leaves_nothing_held(ground: Ground, whole: bool) -> None:
    payment, amount = ground.held(), WHOLE if whole else ground.part

    answer = succeeded(ground.gateway.capture(payment, new(payment, Kind.CAPTURE, amount)))

    assert answer.reference
    assert ground.book(payment) == (NOTHING, amount, NOTHING)


def test_a_gateway_that_captures_no_part_of_a_hold_takes_none_and_the_hold_stands(ground: Ground) -> None:
    if ground.gateway.abilities.partial_capture:
        pytest.skip("this acquirer captures parts")
    payment = ground.held()

    refused(ground.gateway.capture(payment, new(payment, Kind.CAPTURE, PART)))

    assert ground.book(payment) == (WHOLE, NOTHING, NOTHING)


def test_a_capture_that_leaves_a_rest_held_says_how_much_and_a_void_of_it_releases_it(ground: Ground) -> None:
    payment = ground.opened()
    if not ground.side.approve_holding_on(payment):
        return  # this acquirer lets go of the rest by itself, as the sentence before this one says
    held = ground.gateway.page_outcome(payment).reference
    payment = done(payment, new(payment, Kind.PREAUTH, WHOLE), Answer(State.SUCCEEDED, "00", reference=held))
    capture, void = new(payment, Kind.CAPTURE, PART), new(payment, Kind.VOID, REST)

    answer = succeeded(ground.gateway.capture(payment, capture))
    assert (answer.left, ground.book(payment)) == (REST, (REST, PART, NOTHING))
    assert ground.gateway.lookup(payment, capture) in (answer, None)
    payment = done(payment, capture, answer)
    for _ in range(2):
        succeeded(ground.gateway.void(payment, void))

    assert ground.book(payment) == (NOTHING, PART, NOTHING)


def test_a_rest_that_is_held_after_a_capture_whose_answer_was_lost_is_released_too(ground: Ground) -> None:
    payment = ground.opened()
    if ground.side.approve_holding_on(payment):
        held = ground.gateway.page_outcome(payment).reference
        payment = done(payment, new(payment, Kind.PREAUTH, WHOLE), Answer(State.SUCCEEDED, "00", reference=held))
    else:
        payment = ground.held()
    capture, void = new(payment, Kind.CAPTURE, ground.part), new(payment, Kind.VOID, REST)
    struck(ground.side.switch, Fault(Damage.LOST, acted=True), lambda: ground.gateway.capture(payment, capture))

    told = ground.gateway.lookup(payment, capture) if ground.can_be_asked(MOVES[1]) else None
    answer = succeeded(told or ground.gateway.capture(payment, taken_up(capture)))
    payment = done(payment, capture, answer)
    if answer.left:
        for _ in range(2):
            succeeded(ground.gateway.void(payment, void))

    assert ground.book(payment) == (NOTHING, ground.part, NOTHING)


@pytest.mark.parametrize("stands", [True, False])
def test_what_is_only_accepted_says_so_until_there_is_a_last_word(ground: Ground, stands: bool) -> None:
    payment = ground.opened()
    if not ground.side.approve_booked_later(payment, stands=stands):
        return
    ground.says(payment)
    capture = new(payment, Kind.CAPTURE, PART)

    accepted = succeeded(ground.gateway.capture(payment, capture))
    assert accepted.final is False
    assert ground.gateway.lookup(payment, capture) == accepted
    ground.side.decide(payment)

    last = ground.gateway.lookup(payment, capture)
    assert last is not None
    assert (last.final, last.succeeded) == (True, stands)
    assert ground.book(payment)[1] == (PART if stands else NOTHING)
    assert ground.gateway.lookup(payment, capture) == last


def test_a_second_capture_under_another_key_takes_nothing(ground: Ground) -> None:
    payment = ground.captured(ground.part)

    refused(ground.gateway.capture(payment, new(payment, Kind.CAPTURE, REST if ground.part == PART else WHOLE)))

    assert ground.book(payment) == (NOTHING, ground.part, NOTHING)


def test_more_than_is_held_is_not_captured_and_the_hold_stands(ground: Ground) -> None:
    payment = ground.held()

    refused(ground.gateway.capture(payment, new(payment, Kind.CAPTURE, euro(150_01))))

    assert ground.book(payment) == (WHOLE, NOTHING, NOTHING)


def test_there_is_nothing_to_capture_after_a_decline(ground: Ground) -> None:
    payment, _ = ground.declined(ground.opened())

    refused(ground.gateway.capture(payment, new(payment, Kind.CAPTURE, ground.part)))

    assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


def test_there_is_nothing_to_capture_after_a_void_or_when_the_hold_has_ended(ground: Ground) -> None:
    voided, ended = ground.held(), ground.held()
    succeeded(ground.gateway.void(voided, new(voided, Kind.VOID, WHOLE)))
    ground.side.let_go(ended)

    for payment in (voided, ended):
        refused(ground.gateway.capture(payment, new(payment, Kind.CAPTURE, ground.part)))

        assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


# ---- void --------------------------------------------------------------------------------------------


def test_a_void_releases_the_whole_hold(ground: Ground) -> None:
    payment = ground.held()

    answer = succeeded(ground.gateway.void(payment, new(payment, Kind.VOID, WHOLE)))

    assert answer.code != "already_released"
    assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


def test_voiding_a_hold_that_is_gone_is_done_and_says_so(ground: Ground) -> None:
    voided, ended = ground.held(), ground.held()
    succeeded(ground.gateway.void(voided, new(voided, Kind.VOID, WHOLE)))
    ground.side.let_go(ended)

    for payment in (voided, ended):
        answer = succeeded(ground.gateway.void(payment, new(payment, Kind.VOID, WHOLE)))

        assert answer.code == "already_released"
        assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


def test_what_was_captured_is_not_voided(ground: Ground) -> None:
    payment = ground.captured(ground.part)

    refused(ground.gateway.void(payment, new(payment, Kind.VOID, WHOLE)))

    assert ground.book(payment) == (NOTHING, ground.part, NOTHING)


# ---- refund ------------------------------------------------------------------------------------------


def test_refunds_add_up_to_what_was_captured_and_not_a_cent_more(ground: Ground) -> None:
    payment = ground.captured(ground.part)

    for given in (1, 2):
        succeeded(ground.gateway.refund(payment, new(payment, Kind.REFUND, euro(30_00))))
        assert ground.book(payment) == (NOTHING, ground.part, euro(30_00 * given))
    refused(ground.gateway.refund(payment, new(payment, Kind.REFUND, ground.part - euro(59_99))))
    assert ground.book(payment) == (NOTHING, ground.part, euro(60_00))
    succeeded(ground.gateway.refund(payment, new(payment, Kind.REFUND, ground.part - euro(60_00))))

    assert ground.book(payment) == (NOTHING, ground.part, ground.part)


@pytest.mark.parametrize("stands", [True, False])
def test_a_refund_that_is_only_accepted_says_so_until_there_is_a_last_word(ground: Ground, stands: bool) -> None:
    if not isinstance(ground.side, WaitingFarSide):
        pytest.skip("this acquirer's refunds are done when they are answered")
    payment = ground.captured(ground.part)
    ground.side.accepts_refunds()
    made = new(payment, Kind.REFUND, euro(30_00))

    accepted = succeeded(ground.gateway.refund(payment, made))
    assert accepted.final is False
    assert ground.gateway.lookup(payment, made) == accepted
    assert ground.gateway.refund(payment, taken_up(made)) == accepted
    ground.side.decides_refunds(stands=stands)

    last = ground.gateway.lookup(payment, made)
    assert last is not None
    assert (last.final, last.succeeded) == (True, stands)
    assert ground.book(payment) == (NOTHING, ground.part, euro(30_00) if stands else NOTHING)


def test_a_hold_that_was_not_captured_is_not_refunded(ground: Ground) -> None:
    payment = ground.held()

    refused(ground.gateway.refund(payment, new(payment, Kind.REFUND, PART)))

    assert ground.book(payment) == (WHOLE, NOTHING, NOTHING)


def test_a_sale_is_refunded_like_a_capture(ground: Ground) -> None:
    payment = ground.held(sale=True)

    succeeded(ground.gateway.refund(payment, new(payment, Kind.REFUND, PART)))

    assert ground.book(payment) == (NOTHING, WHOLE, PART)


# ---- tokens ------------------------------------------------------------------------------------------


def test_a_token_comes_only_where_it_was_asked_for_and_is_printed_nowhere(ground: Ground) -> None:
    if not ground.gateway.abilities.tokens:
        pytest.skip("this acquirer saves no cards")
    asked = ground.gateway.page_outcome(ground.held(tokenize=True))

    assert asked.token
    assert asked.token not in repr(asked)
    assert ground.gateway.page_outcome(ground.held()).token is None


def test_a_token_is_charged_without_its_holder(ground: Ground) -> None:
    token, payment = ground.token(), ground.unpaid()

    succeeded(ground.gateway.charge(payment, new(payment, Kind.SALE, WHOLE), token))

    assert ground.book(payment) == (NOTHING, WHOLE, NOTHING)


def test_a_token_that_was_deleted_is_not_charged_and_deleting_it_again_is_done(ground: Ground) -> None:
    token, payment = ground.token(), ground.unpaid()
    succeeded(ground.gateway.delete_token(a_card(ground, token), token))

    succeeded(ground.gateway.delete_token(a_card(ground, token), token))

    assert refused(ground.gateway.charge(payment, new(payment, Kind.SALE, WHOLE), token)).reason
    assert ground.book(payment) == (NOTHING, NOTHING, NOTHING)


def test_another_merchants_token_is_neither_charged_nor_deleted(ground: Ground) -> None:
    token, other = ground.token(), MerchantId("m_other")
    stolen, own = ground.unpaid(merchant_id=other), ground.unpaid()

    refused(ground.gateway.charge(stolen, new(stolen, Kind.SALE, WHOLE), token))
    ground.gateway.delete_token(replace(a_card(ground, token), merchant_id=other), token)

    assert ground.book(stolen) == (NOTHING, NOTHING, NOTHING)
    succeeded(ground.gateway.charge(own, new(own, Kind.SALE, WHOLE), token))


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_token_whose_deletion_was_not_answered_is_deleted_again(ground: Ground, fault: Fault) -> None:
    token, payment = ground.token(), ground.unpaid()
    card = a_card(ground, token)

    struck(ground.side.switch, fault, lambda: ground.gateway.delete_token(card, token))

    succeeded(ground.gateway.delete_token(card, token))
    refused(ground.gateway.charge(payment, new(payment, Kind.SALE, WHOLE), token))


# ---- every call that moves money ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Move:
    """A call that moves money on a payment that is ready for it, and the books before and after.

    ``at``: the same where ``PART`` is no part that the ground's gateway captures.
    """

    kind: Kind
    ready: Callable[[Ground], Payment]
    call: Callable[[Ground, Payment, Operation, str], Answer]
    amount: Money
    before: tuple[Money, Money, Money]
    after: tuple[Money, Money, Money]

    def __str__(self) -> str:
        return self.kind.value.lower()

    def at(self, ground: Ground) -> Move:
        def fit(book: tuple[Money, Money, Money]) -> tuple[Money, Money, Money]:
            return book[0], ground.part if book[1] == PART else book[1], book[2]

        amount = ground.part if self.amount == PART else self.amount
        return replace(self, amount=amount, before=fit(self.before), after=fit(self.after))


MOVES = [
    Move(
        Kind.PREAUTH,
        lambda ground: ground.agreed(),
        lambda ground, payment, made, _: ground.gateway.authorise(payment, made),
        WHOLE,
        (NOTHING, NOTHING, NOTHING),
        (WHOLE, NOTHING, NOTHING),
    ),
    Move(
        Kind.CAPTURE,
        lambda ground: ground.held(),
        lambda ground, payment, made, _: ground.gateway.capture(payment, made),
        PART,
        (WHOLE, NOTHING, NOTHING),
        (NOTHING, PART, NOTHING),
    ),
    Move(
        Kind.VOID,
        lambda ground: ground.held(),
        lambda ground, payment, made, _: ground.gateway.void(payment, made),
        WHOLE,
        (WHOLE, NOTHING, NOTHING),
        (NOTHING, NOTHING, NOTHING),
    ),
    Move(
        Kind.REFUND,
        lambda ground: ground.captured(ground.part),
        lambda ground, payment, made, _: ground.gateway.refund(payment, made),
        euro(30_00),
        (NOTHING, PART, NOTHING),
        (NOTHING, PART, euro(30_00)),
    ),
    Move(
        Kind.SALE,
        lambda ground: ground.unpaid(),
        lambda ground, payment, made, token: ground.gateway.charge(payment, made, token),
        WHOLE,
        (NOTHING, NOTHING, NOTHING),
        (NOTHING, WHOLE, NOTHING),
    ),
]


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_the_same_key_moves_money_once_and_is_answered_the_same(ground: Ground, move: Move) -> None:
    move = move.at(ground)
    payment, token = move.ready(ground), ground.token_for(move)
    made = new(payment, move.kind, move.amount)
    if not ground.knows_keys(move):
        return  # what is sent again is told apart below

    answers = [move.call(ground, payment, made, token) for _ in range(3)]

    assert answers[0] == answers[1] == answers[2]
    succeeded(answers[0])
    assert ground.book(payment) == move.after


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_the_same_key_at_the_same_moment_moves_money_once(ground: Ground, move: Move) -> None:
    move = move.at(ground)
    payment, token = move.ready(ground), ground.token_for(move)
    made, answers = new(payment, move.kind, move.amount), list[Answer]()
    if not ground.knows_keys(move):
        return

    def send() -> None:
        answers.append(move.call(ground, payment, made, token))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.state for answer in answers] == [State.SUCCEEDED] * 8
    assert ground.book(payment) == move.after


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("move", MOVES, ids=str)
def test_a_lost_answer_is_never_guessed_and_asking_tells_the_truth(ground: Ground, move: Move, fault: Fault) -> None:
    move = move.at(ground)
    payment, token = move.ready(ground), ground.token_for(move)
    made = new(payment, move.kind, move.amount)

    unknown = struck(
        ground.side.switch, fault, lambda: move.call(ground, payment, made, token)
    )  # "surely nothing" after it acted would pay twice

    acted = ground.book(payment) == move.after
    assert acted or ground.book(payment) == move.before
    assert unknown or not acted
    if ground.is_for_a_person(move):
        with pytest.raises(NobodyKnows):
            ground.gateway.lookup(payment, made)
        assert ground.book(payment) == (move.after if acted else move.before)
        return
    told = ground.gateway.lookup(payment, made)
    assert (told is not None and told.succeeded) == (acted and ground.can_be_asked(move))
    succeeded(move.call(ground, payment, taken_up(made), token))
    assert ground.book(payment) == move.after


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_an_answer_that_somebody_else_signed_is_no_answer(ground: Ground, move: Move) -> None:
    move = move.at(ground)
    if not isinstance(ground.side, SigningFarSide):
        pytest.skip("this acquirer signs no answers")
    payment, token = move.ready(ground), ground.token()
    made = new(payment, move.kind, move.amount)

    ground.side.signs_wrongly(True)
    with pytest.raises(OutcomeUnknown):
        move.call(ground, payment, made, token)
    if payment.saved_card is None:
        with pytest.raises(OutcomeUnknown):
            ground.gateway.page_outcome(payment)
    ground.side.signs_wrongly(False)

    assert ground.book(payment) == move.after


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_what_may_be_made_again_moves_money_once(ground: Ground, move: Move) -> None:
    move = move.at(ground)
    payment, token = move.ready(ground), ground.token_for(move)
    made = new(payment, move.kind, move.amount)
    if ground.is_for_a_person(move):
        return

    for sent in (made, taken_up(made), taken_up(made)):
        succeeded(move.call(ground, payment, sent, token))

    assert ground.book(payment) == move.after


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_asking_about_a_call_that_was_made_brings_its_answer(ground: Ground, move: Move) -> None:
    move = move.at(ground)
    payment, token = move.ready(ground), ground.token_for(move)
    made, other = new(payment, move.kind, move.amount), new(payment, move.kind, move.amount)

    answer = move.call(ground, payment, made, token)

    assert answer.reference
    if ground.can_be_asked(move):
        assert ground.gateway.lookup(payment, made) == answer
        if move.kind is not Kind.PREAUTH:  # which a page has but one of, whatever its key
            assert ground.gateway.lookup(payment, other) is None


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_asking_about_a_call_that_never_came_moves_nothing(ground: Ground, move: Move) -> None:
    move = move.at(ground)
    payment = move.ready(ground)
    never = new(payment, move.kind, move.amount)

    if ground.is_for_a_person(move):
        with pytest.raises(NobodyKnows):
            ground.gateway.lookup(payment, never)
    else:
        assert ground.gateway.lookup(payment, never) is None
    assert ground.book(payment) == move.before


def test_asking_about_a_refusal_brings_the_refusal(ground: Ground) -> None:
    payment = ground.held()
    made = new(payment, Kind.CAPTURE, euro(150_01))

    answer = refused(ground.gateway.capture(payment, made))

    if Kind.CAPTURE in ground.gateway.abilities.asks and ground.gateway.abilities.keeps_refusals:
        assert ground.gateway.lookup(payment, made) == answer
    else:
        assert refused(ground.gateway.capture(payment, taken_up(made))) == answer


@pytest.mark.parametrize("fault", FAULTS_OF_QUESTIONS, ids=str)
@pytest.mark.parametrize("move", MOVES, ids=str)
def test_no_answer_to_the_question_never_means_that_the_call_did_not_come(
    ground: Ground, move: Move, fault: Fault
) -> None:
    move = move.at(ground)
    payment, token = move.ready(ground), ground.token_for(move)
    made = new(payment, move.kind, move.amount)
    move.call(ground, payment, made, token)

    if ground.can_be_asked(move):
        struck(ground.side.switch, fault, lambda: ground.gateway.lookup(payment, made))

    assert ground.book(payment) == move.after


@pytest.mark.parametrize("move", [move for move in MOVES if move.kind is not Kind.SALE], ids=str)
def test_another_currency_than_the_holds_moves_nothing(ground: Ground, move: Move) -> None:
    move = move.at(ground)
    payment, token = move.ready(ground), ground.token_for(move)

    refused(move.call(ground, payment, new(payment, move.kind, Money(move.amount.minor, "USD")), token))

    assert ground.book(payment) == move.before


# ---- live and test -----------------------------------------------------------------------------------


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_a_live_payment_moves_nothing_at_a_test_gateway(ground: Ground, move: Move) -> None:
    move = move.at(ground)
    payment, token = move.ready(ground), ground.token_for(move)
    live = replace(payment, environment=Environment.LIVE)

    with pytest.raises(GatewayNotConfigured):
        move.call(ground, live, new(payment, move.kind, move.amount), token)

    assert ground.book(payment) == move.before


def test_nothing_of_a_live_payment_is_shown_asked_or_forgotten_at_a_test_gateway(ground: Ground) -> None:
    tokens = ground.gateway.abilities.tokens
    payment, token = ground.held(tokenize=tokens), ground.token() if tokens else ""
    live = replace(payment, environment=Environment.LIVE)
    calls: list[Callable[[], object]] = [
        lambda: ground.gateway.open_page(page_for(live, PageId("PAYLIVE"), sale=False, tokenize=False)),
        lambda: ground.gateway.page_outcome(live),
        lambda: ground.gateway.close_page(live),
        lambda: ground.gateway.lookup(live, new(live, Kind.CAPTURE, WHOLE)),
    ]
    if tokens:
        card = replace(a_card(ground, token), environment=Environment.LIVE)
        calls.append(lambda: ground.gateway.delete_token(card, token))
    if ground.side.presentable is not None:
        calls += [
            lambda: ground.gateway.present_card(live, ground.cards.plain),
            lambda: ground.gateway.authenticate(live, None),
        ]

    for call in calls:
        with pytest.raises(GatewayNotConfigured):
            call()


# ---- the table ---------------------------------------------------------------------------------------


def test_every_row_of_the_table_has_a_far_side_and_every_far_side_a_row() -> None:
    assert CARD_FAR_SIDES.keys() == CARD_GATEWAYS.keys()


def a_card(ground: Ground, token: str) -> SavedCard:
    made: dict[str, Any] = {"merchant_id": MERCHANT, "environment": TEST, "customer_id": "cust_ada"}
    made |= {"brand": "VISA", "last4": "4242", "expiry": "12/30", "gateway": ground.name, "consent_at": NOON}
    made |= {"sealed": "sealed", "token_mark": "0" * 64, "saved_from": a_payment().id}
    return SavedCard(number=1, **made)


def _runs_of_digits(text: str) -> list[str]:
    return "".join(character if character.isdigit() else " " for character in text).split()
