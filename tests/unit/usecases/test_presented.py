"""A card that a merchant's server presents: its holder is asked, one try, charged once, and kept nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.dynamodb.codec import to_text
from shared.domain.card import Challenge
from shared.domain.card_data import CardData
from shared.domain.course import next_look
from shared.domain.errors import IllegalTransition, InvalidRequest, Unavailable, Unprocessable
from shared.domain.ids import OrderId, PaymentId
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import Mode, Payment, Status
from shared.ports.connectors import CardStep, Page, PageRequest
from shared.usecases.payment.end_checkout import cancel_checkout
from shared.usecases.payment.present_card import Authenticated, authenticate
from shared.usecases.payment.record_card_outcome import settle_authorisation
from shared.usecases.payment.start_payment import NewPayment, start_payment
from tests.unit.usecases.moody import MoodyGateways, is_down, says_nothing
from tests.unit.usecases.till import DECLINED, Till
from tools.testing.builders import a_credential, euro

PLAIN = "4532491111111111"
WITH_CODE = "3469122222222222"
REFUSED = "4532271111111112"
REFUSED_AFTER_CODE = "3790802222222223"
ANSWER_LOST = "4000000000000119"
CODE = "123456"
BANK = "https://bank.example/3ds/1"
CVV = "7139"


class Counter(Till):
    """A till whose merchant hands the card over with the order."""

    def present(self, number: str = PLAIN, **order: Any) -> Payment:
        wanted = NewPayment(euro(150_00), "https://pages.example", Mode.SALE_DIRECT, **order)
        seed = next(self._seeds).to_bytes(1, "big") * 64
        card = CardData(number, "Ada Rossi", 12, 2030, CVV)
        self.id = start_payment(wanted, a_credential(), world=self.world, seed=seed, card=card).payment.id
        return self.payment

    def answer(self, code: str | None = None) -> Authenticated:
        return authenticate(self.id, code, world=self.world)


@pytest.fixture
def counter() -> Counter:
    return Counter()


def moody_counter() -> tuple[Counter, MoodyGateways]:
    counter = Counter()
    gateways = MoodyGateways(counter.world.gateways, clock=counter.world.now)
    object.__setattr__(counter.world, "gateways", gateways)
    return counter, gateways


@pytest.mark.parametrize(("number", "asks"), [(PLAIN, Challenge.NONE), (WITH_CODE, Challenge.OTP)])
def test_a_presented_card_is_known_by_what_may_be_shown_and_moves_nothing(
    counter: Counter, number: str, asks: Challenge
) -> None:
    payment = counter.present(number)

    assert (payment.status, payment.challenge, payment.operations) == (Status.PENDING, asks, ())
    assert payment.card is not None
    assert (payment.card.first6, payment.card.last4) == (number[:6], number[-4:])
    assert counter.in_book() == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(("number", "code"), [(PLAIN, None), (WITH_CODE, CODE)])
def test_its_holder_agrees_and_it_is_charged_once(counter: Counter, number: str, code: str | None) -> None:
    counter.present(number)

    answers = [counter.answer(code) for _ in range(3)]

    assert [answer.payment.status for answer in answers] == [Status.SUCCESS] * 3
    assert counter.in_book() == (0, 150_00, 0, 0, 0)
    assert counter.operations(Kind.SALE) == ["SUCCEEDED"]
    assert counter.payment.operations[0].key == f"{counter.id}:SALE:1"
    assert counter.told() == [("payment_intent.succeeded", "SALE"), ("checkout.session.completed", "SALE")]
    assert counter.payment.due_at is None


def test_a_card_that_is_not_taken_leaves_nothing_behind(counter: Counter) -> None:
    with pytest.raises(InvalidRequest) as caught:
        counter.present("4111111111111112")

    assert "4111" not in str(caught.value)
    assert counter.world.payments.all() == []


@pytest.mark.parametrize("mood", [is_down, says_nothing])
def test_a_gateway_that_does_not_answer_leaves_nothing_behind(mood: Any) -> None:
    counter, gateways = moody_counter()
    gateways.moods["present_card"] = mood

    with pytest.raises(Unavailable):
        counter.present()

    assert counter.world.payments.all() == []


def test_a_gateway_without_such_a_door_says_so() -> None:
    counter, gateways = moody_counter()

    def has_none(*given: Any) -> Any:
        raise Unprocessable("this gateway takes no card from a merchant's server")

    gateways.moods["present_card"] = has_none

    with pytest.raises(Unprocessable):
        counter.present()


def test_a_holder_who_is_sent_to_their_bank_is_led_by_the_pages_address_and_its_handle_stays() -> None:
    counter, gateways = moody_counter()
    inner = gateways.inner.card(counter.open(mode=Mode.SALE_DIRECT))

    def sends_to_the_bank(payment: Payment, card: CardData) -> CardStep:
        step: CardStep = inner.present_card(payment, card)
        return replace(step, challenge=Challenge.REDIRECT, url="https://bank.example/3ds/1")

    def has_a_handle(request: PageRequest) -> Page:
        page: Page = inner.open_page(request)
        return replace(page, handle={"intent": "pi_1"})

    gateways.moods |= {"present_card": sends_to_the_bank, "open_page": has_a_handle}

    payment = counter.present()

    assert payment.challenge is Challenge.REDIRECT
    assert payment.card_page is not None
    assert (payment.card_page.url, payment.card_page.handle) == ("https://bank.example/3ds/1", {"intent": "pi_1"})


def test_a_bank_that_wants_the_holder_after_our_call_is_kept_until_it_has_its_answer() -> None:
    counter, gateways = moody_counter()
    counter.present()
    gateways.moods |= {name: lambda *given: Answer(State.UNKNOWN, url=BANK) for name in ("authorise", "lookup")}

    waits = counter.answer().payment

    assert (waits.status, waits.challenge, waits.is_being_checked) == (Status.PENDING, Challenge.REDIRECT, True)
    assert waits.card_page is not None
    assert waits.card_page.url == BANK
    assert BANK not in repr(waits)
    assert counter.operations(Kind.SALE) == ["UNKNOWN"]
    gateways.moods.clear()
    assert counter.answer().payment.status is Status.SUCCESS
    assert counter.in_book() == (0, 150_00, 0, 0, 0)


def test_a_holder_who_never_comes_back_from_their_bank_ends_it_with_the_checkout() -> None:
    counter, gateways = moody_counter()
    counter.present()
    gateways.moods |= {name: lambda *given: Answer(State.UNKNOWN, url=BANK) for name in ("authorise", "lookup")}
    counter.answer()

    cancel_checkout(counter.payment, world=counter.world)
    gateways.moods["lookup"] = lambda *given: Answer(State.REFUSED, "canceled", "It was not confirmed in time")
    counter.world.pause(120)
    settle_authorisation(counter.payment, world=counter.world)

    assert counter.payment.status is Status.FAILED
    assert counter.operations(Kind.SALE) == ["REFUSED"]


def test_however_long_a_holder_was_at_their_bank_the_end_is_owed_from_the_deadline_on() -> None:
    counter, gateways = moody_counter()
    counter.present()
    gateways.moods |= {name: lambda *given: Answer(State.UNKNOWN, url=BANK) for name in ("authorise", "lookup")}
    waits = replace(counter.answer().payment, looks=11)

    over = waits.expires_at + timedelta(minutes=2)

    assert next_look(waits, waits.expires_at - timedelta(minutes=1)) == waits.expires_at
    assert next_look(waits, over) == over + timedelta(minutes=2)


def test_wrong_codes_are_counted_and_the_third_is_the_end(counter: Counter) -> None:
    counter.present(WITH_CODE)

    said = [counter.answer("000000") for _ in range(4)]

    assert [answer.tries_left for answer in said] == [2, 1, 0, 0]
    assert [answer.payment.status for answer in said] == [Status.PENDING] * 2 + [Status.FAILED] * 2
    assert counter.payment.failure is not None
    assert counter.payment.failure.code == "authentication_failed"
    assert counter.answer(CODE).payment.status is Status.FAILED
    assert counter.in_book() == (0, 0, 0, 0, 0)


def test_a_code_that_is_asked_for_must_be_there(counter: Counter) -> None:
    counter.present(WITH_CODE)

    with pytest.raises(InvalidRequest):
        counter.answer()

    assert counter.answer(CODE).payment.status is Status.SUCCESS


@pytest.mark.parametrize(("number", "code"), [(REFUSED, None), (REFUSED_AFTER_CODE, CODE)])
def test_a_decline_is_the_end_at_once(counter: Counter, number: str, code: str | None) -> None:
    counter.present(number)

    payment = counter.answer(code).payment

    assert payment.status is Status.FAILED
    assert payment.failure is not None
    assert payment.failure.code == "card_declined"
    assert [event for event, _ in counter.told()] == ["payment_intent.payment_failed", "checkout.session.completed"]
    assert counter.wait(4000).due_at is None


def test_a_try_of_an_order_has_one_card_also_on_a_page(counter: Counter) -> None:
    counter.open(mode=Mode.SALE_DIRECT, order_id=OrderId("order_1"))

    assert counter.pay_by_card(DECLINED).status is Status.FAILED

    counter.wait(61)
    with pytest.raises(IllegalTransition):
        counter.enter_card()


def test_a_lost_answer_of_the_charge_is_asked_about(counter: Counter) -> None:
    counter.present(ANSWER_LOST)

    assert counter.answer().payment.status is Status.PENDING

    assert counter.wait(61).status is Status.SUCCESS
    assert counter.in_book()[1] == 150_00
    assert counter.calls("SALE") == 1


def test_an_agreement_nobody_heard_of_is_found_by_its_page() -> None:
    counter, gateways = moody_counter()
    counter.present()
    gateways.inner.card(counter.payment).authenticate(counter.payment, None)
    gateways.moods["authenticate"] = says_nothing

    assert counter.answer().payment.status is Status.SUCCESS


def test_nobody_who_answers_too_late_is_charged(counter: Counter) -> None:
    counter.present()
    counter.world.now.advance(minutes=31)

    assert counter.answer().payment.status is Status.PENDING
    assert counter.wait(61).status is Status.FAILED
    assert counter.in_book() == (0, 0, 0, 0, 0)


def test_a_customer_who_gave_up_is_not_charged(counter: Counter) -> None:
    counter.present()
    cancel_checkout(counter.payment, world=counter.world)

    assert counter.answer().payment.status is Status.FAILED
    assert counter.in_book() == (0, 0, 0, 0, 0)


def test_no_other_card_pays_on_its_page(counter: Counter) -> None:
    counter.present()

    with pytest.raises(IllegalTransition):
        counter.enter_card()


def test_where_no_card_was_presented_nobody_is_asked(counter: Counter) -> None:
    counter.open(mode=Mode.SALE_DIRECT)

    with pytest.raises(IllegalTransition):
        counter.answer()


def test_the_charge_is_written_before_it_is_sent() -> None:
    counter, gateways = moody_counter()
    counter.present()
    seen: list[str] = []

    def authorise(payment: Payment, operation: Any) -> Answer:
        seen.extend(counter.operations(Kind.SALE))
        return Answer(State.SUCCEEDED, "00")

    gateways.moods["authorise"] = authorise
    counter.answer()

    assert seen == ["PENDING"]


@pytest.mark.parametrize("number", [PLAIN, WITH_CODE, REFUSED])
def test_neither_number_nor_code_is_anywhere(counter: Counter, number: str) -> None:
    counter.present(number)
    counter.answer(CODE)

    kept = [to_text(counter.payment), repr(counter.payment), repr(counter.world.events.told), repr(counter.book())]

    assert not [text for text in kept if number in text or CVV in text]
    assert CardData(number, "Ada", 12, 2030, CVV).number not in repr(CardData(number, "Ada", 12, 2030, CVV))


def test_a_payment_with_this_id_is_asked_for(counter: Counter) -> None:
    with pytest.raises(Exception, match="no such payment"):
        authenticate(PaymentId("TXN_nobody"), None, world=counter.world)
