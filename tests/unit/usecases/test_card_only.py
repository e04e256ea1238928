"""A payment by card alone: held, captured, told; declined and tried again; challenged, cancelled, expired."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.adapters.card_gateways.sandbox_cards import MOST_CODES
from shared.domain.errors import IllegalTransition, TooManyTries
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import MAX_CARD_TRIES, Status, Tender
from shared.families.payglobe.payments import released
from shared.ports.connectors import PageState
from shared.usecases.payment.record_card_outcome import take_outcome
from tests.unit.usecases.moody import a_moody_till, is_pending, says_nothing
from tests.unit.usecases.till import ANSWER_LOST, CAPTURE_FAILS, CHALLENGE, DECLINED, HOLDS_ON, VISA, Till
from tools.testing.builders import euro

PREAUTH = ("payment_intent.processing", "PREAUTH")
CAPTURED = [("payment_intent.succeeded", "CAPTURE"), ("checkout.session.completed", "CAPTURE")]
RELEASED = [("payment_intent.payment_failed", "VOID"), ("checkout.session.completed", "VOID")]


@pytest.fixture
def till() -> Till:
    return Till()


def test_card_alone_is_held_then_captured_in_full(till: Till) -> None:
    assert till.held().status is Status.CARD_PREAUTH_SUCCESS

    payment = till.card_only()

    assert payment.status is Status.SUCCESS
    assert payment.captured == euro(150_00)
    assert till.in_book() == (150_00, 150_00, 0, 0, 0)
    assert till.told() == [PREAUTH, *CAPTURED]
    assert till.execution == "SUCCEEDED"


def test_events_are_numbered_without_gaps_and_name_one_payment(till: Till) -> None:
    till.held()
    payment = till.card_only()

    events = till.world.events.told
    assert [event.sequence for event in events] == [1, 2, 3]
    assert payment.sequence == 3
    assert {event.subject for event in events} == {till.id}
    assert len({event.id for event in events}) == 3


def test_declined_card_may_be_followed_by_another(till: Till) -> None:
    till.open()
    assert till.pay_by_card(DECLINED).status is Status.CARD_PREAUTH_FAILED
    assert till.payment.failure is not None
    assert till.machines.states == ["AwaitPreauth"]

    till.pay_by_card(VISA)

    assert till.card_only().status is Status.SUCCESS
    assert till.payment.failure is None
    assert till.payment.card_tries == 2
    assert till.told()[0] == ("payment_intent.payment_failed", "PREAUTH")


def test_no_more_than_ten_cards_are_judged_though_nobody_has_heard_of_one_yet(till: Till) -> None:
    page = till.open().page_id
    for n in range(MAX_CARD_TRIES - 1):
        till.enter_card(CHALLENGE if n % 2 else DECLINED)
        if n % 2:
            for _ in range(MOST_CODES):
                till.page.challenge(page, "000000")
    till.enter_card(CHALLENGE)
    till.enter_card(DECLINED)
    assert till.payment.card_tries == 0

    with pytest.raises(TooManyTries):
        till.enter_card(VISA)
    with pytest.raises(TooManyTries):
        till.page.challenge(page, "123456")
    assert till.calls("PREAUTH") == MAX_CARD_TRIES
    assert till.hear().status is Status.CARD_PREAUTH_FAILED


def test_deadline_is_set_by_the_held_card_and_not_by_a_declined_one(till: Till) -> None:
    deadline = till.open().expires_at
    till.world.now.advance(minutes=10)
    assert till.pay_by_card(DECLINED).expires_at == deadline

    till.world.now.advance(minutes=10)

    assert till.pay_by_card(VISA).expires_at > deadline


@pytest.mark.parametrize(
    ("codes", "left", "status"),
    [
        (["123456"], [0], "CARD_PREAUTH_SUCCESS"),
        (["000000", "1", "123456"], [2, 1, 0], "CARD_PREAUTH_SUCCESS"),
        (["000000"], [2], "PENDING"),
        (["000000", "1", "2"], [2, 1, 0], "CARD_PREAUTH_FAILED"),
    ],
)
def test_three_codes_decide_about_the_card(till: Till, codes: list[str], left: list[int], status: str) -> None:
    page = till.open().page_id
    assert till.enter_card(CHALLENGE) is None
    assert till.hear().status is Status.PENDING

    assert [till.page.challenge(page, code).tries_left for code in codes] == left

    assert till.hear().status.value == status


def test_another_card_has_three_codes_of_its_own_and_a_wrong_one_is_no_decline(till: Till) -> None:
    page = till.open().page_id
    till.pay_by_card(DECLINED)
    for _ in range(2):
        till.enter_card(CHALLENGE)
        answers = [till.page.challenge(page, "000000") for _ in range(2)]
        assert [(answer.state, answer.tries_left) for answer in answers] == [(PageState.OPEN, 2), (PageState.OPEN, 1)]

    assert till.page.challenge(page, "123456").state is PageState.APPROVED
    assert till.hear().card_tries == 2


def test_cancelled_card_page_ends_the_payment(till: Till) -> None:
    page = till.open().page_id
    till.page.cancel(page)

    payment = till.hear()

    assert payment.status is Status.FAILED
    assert payment.failure is not None
    assert payment.failure.code == "cancelled"
    assert till.told() == [("payment_intent.payment_failed", "PREAUTH"), ("checkout.session.completed", "PREAUTH")]
    assert till.execution == "SUCCEEDED"


@pytest.mark.parametrize("times", [2, 5])
def test_news_of_the_card_may_come_often(till: Till, times: int) -> None:
    till.open()
    till.enter_card()
    for _ in range(times):
        till.hear()

    assert till.operations(Kind.PREAUTH) == ["SUCCEEDED"]
    assert till.told() == [PREAUTH]


def test_card_news_nobody_brought_is_found_by_housekeeping(till: Till) -> None:
    till.open()
    till.enter_card()

    till.wait(120)

    assert till.state == "CARD_PREAUTH_SUCCESS"


def test_old_news_of_a_decline_comes_after_the_card_was_held(till: Till) -> None:
    till.open()
    till.enter_card(DECLINED)
    slow_news = till.world.gateways.card(till.payment).page_outcome(till.payment)
    till.pay_by_card(VISA)

    take_outcome(till.payment, slow_news, world=till.world)

    assert till.state == "CARD_PREAUTH_SUCCESS"
    assert sorted(till.operations(Kind.PREAUTH)) == ["REFUSED", "SUCCEEDED"]


def test_checkout_without_a_card_expires(till: Till) -> None:
    till.open()

    payment = till.wait(1900)

    assert payment.status is Status.FAILED
    assert till.execution == "SUCCEEDED"
    assert till.in_book() == (0, 0, 0, 0, 0)
    assert till.book()["closed"] is True
    assert till.told() == [("payment_intent.payment_failed", "PREAUTH"), ("checkout.session.completed", "PREAUTH")]


def test_held_card_is_released_when_nobody_chooses(till: Till) -> None:
    till.held()

    payment = till.wait(1900)

    assert payment.status is Status.FAILED
    assert till.in_book() == (150_00, 0, 0, 150_00, 0)
    assert till.told() == [PREAUTH, *RELEASED]


@pytest.mark.parametrize("checkout_seconds", [120, 600, 1800, 3600, 86400])
@pytest.mark.parametrize("held", [False, True], ids=["no card", "card held"])
def test_expiry_is_noticed_within_two_minutes(checkout_seconds: int, held: bool) -> None:
    till = Till(checkout_seconds=checkout_seconds)
    if held:
        till.held()
    else:
        till.open()

    assert till.wait(checkout_seconds + 121).status is Status.FAILED


def test_choice_after_the_deadline_is_refused(till: Till) -> None:
    till.held()
    till.world.now.advance(minutes=31)

    with pytest.raises(IllegalTransition):
        till.card_only()


def test_card_entered_in_time_and_heard_of_too_late_is_released(till: Till) -> None:
    till.open()
    till.enter_card()
    till.world.now.advance(minutes=31)

    till.hear()

    assert till.state == "FAILED"
    assert till.in_book() == (150_00, 0, 0, 150_00, 0)
    assert till.told() == RELEASED
    assert till.execution == "SUCCEEDED"


def test_capture_refused_releases_the_hold(till: Till) -> None:
    till.held(CAPTURE_FAILS)

    payment = till.card_only()

    assert payment.status is Status.CARD_CAPTURE_FAILED
    assert till.in_book() == (150_00, 0, 0, 150_00, 0)
    assert till.execution == "SUCCEEDED"
    assert till.told() == [
        PREAUTH,
        ("payment_intent.payment_failed", "CAPTURE"),
        ("checkout.session.completed", "CAPTURE"),
    ]


def test_lost_capture_answer_is_asked_about_and_not_repeated(till: Till) -> None:
    till.held(ANSWER_LOST)
    assert till.card_only().status is Status.PROCESSING
    assert till.operations(Kind.CAPTURE) == ["UNKNOWN"]

    till.wait(10)

    assert till.state == "SUCCESS"
    assert till.calls("CAPTURE") == 1
    assert till.in_book() == (150_00, 150_00, 0, 0, 0)


def test_lost_void_answer_is_asked_about_and_not_repeated(till: Till) -> None:
    till.held(ANSWER_LOST)
    till.choose(Tender.VOID)

    till.wait(10)

    assert till.state == "VOIDED"
    assert till.calls("VOID") == 1
    assert till.in_book() == (150_00, 0, 0, 150_00, 0)


def test_second_choice_is_refused(till: Till) -> None:
    till.held()
    till.card_only()

    for tender in (Tender.CARD_ONLY, Tender.CAPTURE, Tender.VOID):
        with pytest.raises(IllegalTransition):
            till.choose(tender)


def test_merchant_captures_less_and_the_rest_is_released(till: Till) -> None:
    till.held()

    payment = till.choose(Tender.CAPTURE, amount=euro(100_00))

    assert payment.status is Status.SUCCESS
    assert payment.amount == euro(150_00)
    assert payment.refundable == euro(100_00)
    assert till.in_book() == (150_00, 100_00, 50_00, 0, 0)


def test_merchant_cannot_capture_more_than_is_held(till: Till) -> None:
    till.held()

    with pytest.raises(Exception, match="at most"):
        till.choose(Tender.CAPTURE, amount=euro(150_01))
    assert till.state == "CARD_PREAUTH_SUCCESS"


def test_merchant_voids(till: Till) -> None:
    till.held()

    assert till.choose(Tender.VOID).status is Status.VOIDED
    assert till.in_book() == (150_00, 0, 0, 150_00, 0)
    assert till.told() == [PREAUTH, ("payment_intent.canceled", "VOID"), ("checkout.session.completed", "VOID")]


def test_what_the_gateway_holds_on_to_after_a_capture_is_released_and_told_once() -> None:
    till = Till()
    till.held(HOLDS_ON)

    payment = till.choose(Tender.CAPTURE, amount=euro(100_00))

    rest = payment.operation(f"{payment.id}:VOID:rest")
    assert rest is not None
    assert (till.state, rest.state, rest.amount) == ("SUCCESS", State.SUCCEEDED, euro(50_00))
    assert till.in_book() == (150_00, 100_00, 0, 50_00, 0)
    assert (released(payment), payment.attention) == (Decimal(50), None)
    assert till.look().version == payment.version


def test_a_rest_that_is_not_released_is_shown_to_a_person_and_the_payment_stays_paid() -> None:
    till, gateways = a_moody_till()
    till.held(HOLDS_ON)
    gateways.moods["void"] = lambda *given: Answer(State.REFUSED, "99", "No")

    payment = till.choose(Tender.CAPTURE, amount=euro(100_00))

    assert (till.state, payment.attention, released(payment)) == ("SUCCESS", "HOLD_NOT_RELEASED", Decimal(0))


def test_the_lost_answer_about_a_rest_is_asked_for_by_housekeeping() -> None:
    till, gateways = a_moody_till()
    till.held(HOLDS_ON)
    gateways.moods |= {"void": says_nothing, "lookup": is_pending}
    payment = till.choose(Tender.CAPTURE, amount=euro(100_00))
    assert (till.state, till.operations(Kind.VOID), released(payment)) == ("SUCCESS", ["UNKNOWN"], Decimal(0))

    gateways.moods.clear()
    till.wait(300)

    assert till.in_book() == (150_00, 100_00, 0, 50_00, 0)
    assert (till.operations(Kind.VOID), till.payment.due_at) == (["SUCCEEDED"], None)
