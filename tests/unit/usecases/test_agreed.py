"""A customer agrees on the acquirer's page, and it is we who have the money held: written first, sent once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.course import next_look
from shared.domain.errors import OutcomeUnknown
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import Mode, Payment, Status
from shared.ports.connectors import PageOutcome
from tests.unit.usecases.moody import MoodyGateways, a_moody_till, is_down, is_pending, says_nothing
from tests.unit.usecases.till import DECLINED, Till

AGREES = "4000000000000093"
AGREES_AND_IS_REFUSED = "4000000000000135"
OTHER_AMOUNT = "4000000000000143"


@pytest.fixture
def moody() -> tuple[Till, MoodyGateways]:
    return a_moody_till()


def opened(moody: tuple[Till, MoodyGateways], mode: Mode = Mode.PREAUTH_VOUCHER_CAPTURE) -> Till:
    moody[0].open(mode=mode)
    return moody[0]


@pytest.mark.parametrize(
    ("mode", "kind", "status", "book"),
    [
        (Mode.PREAUTH_VOUCHER_CAPTURE, Kind.PREAUTH, Status.CARD_PREAUTH_SUCCESS, (150_00, 0)),
        (Mode.SALE_DIRECT, Kind.SALE, Status.SUCCESS, (0, 150_00)),
    ],
)
def test_what_was_agreed_to_is_held_or_charged_in_one_operation(
    moody: tuple[Till, MoodyGateways], mode: Mode, kind: Kind, status: Status, book: tuple[int, int]
) -> None:
    till = opened(moody, mode)

    payment = till.pay_by_card(AGREES)

    assert (payment.status, till.in_book()[:2]) == (status, book)
    [operation] = payment.operations
    assert (operation.key, operation.kind) == (payment.key(kind, 1), kind)
    assert operation.reference == till.book()["reference"]
    assert operation.auth_code == till.book()["authCode"]
    assert payment.card is not None
    assert till.calls(kind.value) == 1


def test_the_operation_is_on_record_before_the_gateway_hears_of_it(moody: tuple[Till, MoodyGateways]) -> None:
    till, gateways = opened(moody), moody[1]
    seen: list[State] = []

    def authorise(payment: Payment, operation: Any) -> Answer:
        stored = till.payment.operation(operation.key)
        assert stored is not None
        seen.append(stored.state)
        return Answer(State.SUCCEEDED, "00")

    gateways.moods["authorise"] = authorise
    till.pay_by_card(AGREES)

    assert seen == [State.PENDING]


def test_the_machine_stays_parked_meanwhile_and_goes_on_afterwards(moody: tuple[Till, MoodyGateways]) -> None:
    till, gateways = opened(moody), moody[1]
    gateways.moods["authorise"] = says_nothing
    assert till.pay_by_card(AGREES).waiting is not None
    del gateways.moods["authorise"]

    payment = till.wait(70)

    assert payment.status is Status.CARD_PREAUTH_SUCCESS
    assert till.card_only().status is Status.SUCCESS
    assert till.execution == "SUCCEEDED"


def test_a_lost_answer_is_asked_about_and_never_sent_twice(moody: tuple[Till, MoodyGateways]) -> None:
    till, gateways = opened(moody), moody[1]
    authorise = gateways.inner.card(till.payment).authorise

    def acts_and_is_not_heard(*given: Any) -> Answer:
        authorise(*given)
        raise OutcomeUnknown("no answer")

    gateways.moods["authorise"] = acts_and_is_not_heard
    payment = till.pay_by_card(AGREES)
    assert (payment.status, [op.state for op in payment.operations]) == (Status.PENDING, [State.UNKNOWN])
    assert payment.is_being_checked

    assert till.look().status is Status.CARD_PREAUTH_SUCCESS
    assert len(gateways.times("authorise")) == till.calls("PREAUTH") == 1


@pytest.mark.parametrize("mood", [says_nothing, is_down])
def test_what_never_arrived_is_sent_again_under_its_key(moody: tuple[Till, MoodyGateways], mood: Any) -> None:
    till, gateways = opened(moody), moody[1]
    gateways.moods["authorise"] = mood
    till.pay_by_card(AGREES)
    del gateways.moods["authorise"]

    assert till.look().status is Status.CARD_PREAUTH_SUCCESS
    assert till.calls("PREAUTH") == 1


def test_two_that_bring_the_news_at_once_send_one(moody: tuple[Till, MoodyGateways]) -> None:
    till, gateways = opened(moody), moody[1]
    authorise = gateways.inner.card(till.payment).authorise

    def meanwhile(*given: Any) -> Answer:
        gateways.moods["authorise"] = authorise
        assert till.hear().status is Status.PENDING
        return authorise(*given)  # type: ignore[no-any-return]

    gateways.moods["authorise"] = meanwhile

    assert till.pay_by_card(AGREES).status is Status.CARD_PREAUTH_SUCCESS
    assert len(gateways.times("authorise")) == till.calls("PREAUTH") == 1


def test_a_refusal_is_a_decline_in_our_words_and_another_card_may_be_tried(moody: tuple[Till, MoodyGateways]) -> None:
    till = opened(moody)

    payment = till.pay_by_card(AGREES_AND_IS_REFUSED)

    assert payment.status is Status.CARD_PREAUTH_FAILED
    assert payment.failure is not None
    assert payment.failure.code == "card_declined"
    assert till.in_book() == (0, 0, 0, 0, 0)
    assert till.pay_by_card().status is Status.CARD_PREAUTH_SUCCESS


@pytest.mark.parametrize("mode", [Mode.PREAUTH_VOUCHER_CAPTURE, Mode.SALE_DIRECT])
def test_nothing_is_held_for_a_payment_that_is_over(moody: tuple[Till, MoodyGateways], mode: Mode) -> None:
    till, gateways = opened(moody, mode), moody[1]
    till.enter_card(AGREES)
    till.world.now.advance(minutes=31)

    payment = till.wait(300)

    assert payment.status is Status.FAILED
    assert gateways.times("authorise") == []
    assert till.in_book() == (0, 0, 0, 0, 0)
    assert (payment.due_at, payment.open_operations()) == (None, [])


@pytest.mark.parametrize(
    ("mode", "back"), [(Mode.PREAUTH_VOUCHER_CAPTURE, Kind.VOID), (Mode.SALE_DIRECT, Kind.REFUND)]
)
def test_what_is_heard_of_after_the_end_goes_back(moody: tuple[Till, MoodyGateways], mode: Mode, back: Kind) -> None:
    till, gateways = opened(moody, mode), moody[1]
    authorise = gateways.inner.card(till.payment).authorise
    told: list[Any] = []

    def is_taken_and_made_later(*given: Any) -> Answer:
        told.append(given)
        return Answer(State.UNKNOWN)

    gateways.moods |= {"authorise": is_taken_and_made_later, "lookup": is_pending}
    till.pay_by_card(AGREES)
    gateways.moods["close_page"] = gateways.inner.card(till.payment).page_outcome
    assert till.wait(1900).status is Status.FAILED
    authorise(*told[0])
    gateways.moods.clear()

    payment = till.wait(7200)

    assert payment.status is Status.FAILED
    assert till.operations(back) == ["SUCCEEDED"]
    assert till.in_book() == ((150_00, 0, 0, 150_00, 0) if back is Kind.VOID else (0, 150_00, 0, 0, 150_00))
    assert payment.due_at is None


def test_what_is_taken_and_made_days_later_is_asked_about_ever_more_rarely(
    moody: tuple[Till, MoodyGateways],
) -> None:
    till, gateways = opened(moody, Mode.SALE_DIRECT), moody[1]
    gateways.moods |= {"authorise": is_pending, "lookup": is_pending}
    till.pay_by_card(AGREES)
    till.wait(1900)
    before = len(gateways.times("lookup"))

    till.wait(timedelta(days=2).total_seconds())

    assert till.state == "FAILED"
    assert len(gateways.times("lookup")) - before < 60


def test_a_checkout_whose_machine_is_gone_ends_at_its_deadline_while_its_bank_is_undecided(
    moody: tuple[Till, MoodyGateways],
) -> None:
    till, gateways = opened(moody), moody[1]
    gateways.moods |= {"authorise": is_pending, "lookup": is_pending}
    till.pay_by_card(AGREES)
    till.machines.lose(till.id)

    till.wait(timedelta(minutes=50).total_seconds())

    assert till.state == "FAILED"


def test_what_had_not_been_sent_when_it_ended_is_not_sent_any_more(moody: tuple[Till, MoodyGateways]) -> None:
    till, gateways = opened(moody, Mode.SALE_DIRECT), moody[1]
    gateways.moods |= {"authorise": says_nothing, "lookup": says_nothing}
    till.pay_by_card(AGREES)
    gateways.moods["close_page"] = gateways.inner.card(till.payment).page_outcome
    assert till.wait(1900).status is Status.FAILED
    sent = len(gateways.times("authorise"))
    gateways.moods.clear()

    payment = till.wait(7200)

    assert len(gateways.times("authorise")) == sent == 1
    assert [op.state for op in payment.operations] == [State.REFUSED]
    assert (payment.due_at, till.in_book()) == (None, (0, 0, 0, 0, 0))


@pytest.mark.parametrize("mode", [Mode.PREAUTH_VOUCHER_CAPTURE, Mode.SALE_DIRECT])
def test_another_amount_than_the_payments_is_never_a_success_and_a_person_is_told(
    moody: tuple[Till, MoodyGateways], mode: Mode
) -> None:
    till = opened(moody, mode)

    payment = till.pay_by_card(OTHER_AMOUNT)

    assert (payment.attention, payment.authorised.minor, payment.captured.minor) == ("AMOUNT_MISMATCH", 0, 0)
    assert payment.status is Status.FAILED
    [operation] = payment.operations
    assert (operation.state, operation.amount.minor, operation.code) == (State.REFUSED, 150_01, "amount_mismatch")
    assert operation.reference == till.book()["reference"]
    assert "payment_intent.succeeded" not in dict(till.told())
    assert till.look().operations == payment.operations


def test_another_currency_is_another_amount(moody: tuple[Till, MoodyGateways]) -> None:
    till, gateways = opened(moody), moody[1]
    gateways.moods["page_outcome"] = lambda payment: in_dollars(gateways.inner.card(payment).page_outcome(payment))

    assert till.pay_by_card().attention == "AMOUNT_MISMATCH"
    till.open()
    assert till.pay_by_card(AGREES).attention == "AMOUNT_MISMATCH"
    assert gateways.times("authorise") == []


def in_dollars(outcome: PageOutcome) -> PageOutcome:
    assert outcome.amount is not None
    return replace(outcome, amount=replace(outcome.amount, currency="USD"))


def test_a_crash_between_the_record_and_the_call_is_made_up_for(moody: tuple[Till, MoodyGateways]) -> None:
    till, gateways = opened(moody), moody[1]

    class Died(BaseException):
        pass

    def dies(*given: Any) -> Answer:
        raise Died

    gateways.moods["authorise"] = dies
    with pytest.raises(Died):
        till.pay_by_card(AGREES)
    assert [op.state for op in till.payment.operations] == [State.PENDING]
    del gateways.moods["authorise"]
    assert till.hear().status is Status.PENDING  # whoever wrote it may still be sending it

    till.world.now.advance(timedelta(seconds=61).total_seconds())

    assert till.hear().status is Status.CARD_PREAUTH_SUCCESS
    assert till.calls("PREAUTH") == 1


def test_an_earlier_try_that_nobody_heard_of_is_asked_about_when_another_card_was_tried(
    moody: tuple[Till, MoodyGateways],
) -> None:
    till, gateways = opened(moody), moody[1]
    authorise = gateways.inner.card(till.payment).authorise

    def acts_and_is_not_heard(*given: Any) -> Answer:
        authorise(*given)
        raise OutcomeUnknown("no answer")

    gateways.moods["authorise"] = acts_and_is_not_heard
    till.pay_by_card(AGREES_AND_IS_REFUSED)
    assert till.payment.is_being_checked
    till.enter_card(DECLINED)

    payment = till.hear()

    assert [op.state for op in payment.operations] == [State.REFUSED, State.REFUSED]
    assert (payment.status, payment.is_being_checked) == (Status.CARD_PREAUTH_FAILED, False)
    assert till.pay_by_card().status is Status.CARD_PREAUTH_SUCCESS


def test_a_payment_whose_answer_is_missing_is_looked_at_when_it_ends(moody: tuple[Till, MoodyGateways]) -> None:
    till, gateways = opened(moody), moody[1]
    gateways.moods |= {"authorise": says_nothing, "lookup": says_nothing}
    till.pay_by_card(AGREES)

    ended = till.change(looks=6, due_at=None)

    assert next_look(ended, till.world.now()) == ended.expires_at
