"""A payment by a method: chosen, begun once, and paid by somebody else's word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.domain.errors import (
    GatewayNotConfigured,
    IllegalTransition,
    InvalidRequest,
    OutcomeUnknown,
    Refused,
    Unavailable,
)
from shared.domain.event import EventType
from shared.domain.method import Action, MethodKind
from shared.domain.operation import Kind
from shared.domain.payment import Ending, Mode, Status
from shared.ports.methods import MethodOutcome, MethodState
from shared.usecases.housekeeping.look_after_payments import look_after
from shared.usecases.payment.start_payment import NewPayment, start_payment
from tests.unit.methods.counter import DAYS, HOUR, WHOLE, Counter
from tests.unit.usecases.moody import MoodyGateways, is_down, says_nothing
from tools.testing.builders import a_credential, an_account, euro

PAID = [EventType.PAID, EventType.CHECKOUT_ENDED]
UNPAID = [EventType.FAILED, EventType.CHECKOUT_ENDED]


def a_moody_counter() -> tuple[Counter, MoodyGateways]:
    counter = Counter()
    gateways = MoodyGateways(counter.world.gateways, clock=counter.world.now)
    object.__setattr__(counter.world, "gateways", gateways)
    return counter, gateways


# ---- the beginning -----------------------------------------------------------------------------------


def test_a_payment_whose_method_nobody_has_chosen_opens_no_card_page() -> None:
    counter = Counter()

    payment = counter.ask()

    assert (payment.mode, payment.status) == (Mode.ALTERNATIVE, Status.PENDING)
    assert (payment.redirect_url, counter.book()) == ("", {})
    assert counter.machines.results == {}


def test_an_account_without_any_provider_takes_no_such_payment() -> None:
    account = an_account(card_gateway=None, method_provider=None)
    order = NewPayment(WHOLE, "https://pages.example", Mode.ALTERNATIVE)

    with pytest.raises(GatewayNotConfigured):
        start_payment(order, a_credential(account=account), world=Counter().world, seed=bytes(64))


def test_no_merchant_makes_such_a_payment_by_naming_its_mode_as_default() -> None:
    with pytest.raises(InvalidRequest):
        an_account().mode(Mode.ALTERNATIVE)


def test_another_method_may_be_chosen_until_one_was_begun() -> None:
    counter = Counter()
    counter.ask()
    counter.choose_method(MethodKind.ONLINE)

    assert counter.choose_method(MethodKind.CASH).method == "cash"
    counter.begin()

    with pytest.raises(IllegalTransition):
        counter.choose_method(MethodKind.ONLINE)
    assert counter.payment.method == "cash"


def test_what_was_begun_waits_for_its_money_until_the_methods_own_deadline() -> None:
    counter = Counter()

    payment = counter.begun(MethodKind.CASH)

    assert payment.status is Status.PROCESSING
    assert payment.expires_at == counter.world.now() + DAYS
    assert payment.method_choice is not None
    assert payment.method_choice.number
    assert counter.news() == []


def test_a_method_is_begun_once_however_often_one_asks() -> None:
    counter = Counter()
    first = counter.begun()

    assert counter.begin() == counter.begin() == first
    assert counter.begun_times() == 1


def test_nothing_begins_without_a_method() -> None:
    counter = Counter()
    counter.ask()

    with pytest.raises(IllegalTransition):
        counter.begin()


def test_nothing_is_begun_when_somebody_cancelled_first() -> None:
    counter = Counter()
    counter.ask()
    counter.choose_method()
    counter.world.payments.meanwhile(counter.cancel)

    with pytest.raises(IllegalTransition):
        counter.begin()

    assert counter.begun_times() == 0
    assert counter.payment.ending is Ending.CANCELLED


def test_a_beginning_whose_answer_was_lost_goes_on_with_the_same_slip() -> None:
    counter = Counter()
    with pytest.raises(OutcomeUnknown):
        counter.begun(payer="BEGINLOST")
    assert counter.payment.status is Status.PENDING

    payment = counter.begin()

    assert payment.status is Status.PROCESSING
    assert counter.begun_times() == 1


def test_a_beginning_that_nobody_asks_for_again_is_asked_for_by_housekeeping() -> None:
    counter = Counter()
    with pytest.raises(OutcomeUnknown):
        counter.begun(payer="BEGINLOST")

    counter.wait(60)

    assert counter.payment.status is Status.PROCESSING
    assert counter.begun_times() == 1


def test_a_lost_beginning_keeps_other_methods_away() -> None:
    counter = Counter()
    with pytest.raises(OutcomeUnknown):
        counter.begun(payer="BEGINLOST")

    with pytest.raises(IllegalTransition):
        counter.choose_method(MethodKind.CASH)


def test_a_provider_that_refuses_to_begin_leaves_the_choice_open() -> None:
    counter = Counter()
    with pytest.raises(Refused):
        counter.begun(payer="BEGINFAIL")

    assert counter.payment.failure is not None
    counter.choose_method(MethodKind.CASH)
    assert counter.begin().status is Status.PROCESSING


def test_a_provider_that_is_down_begins_later() -> None:
    counter, gateways = a_moody_counter()
    gateways.moods["begin"] = is_down
    with pytest.raises(Unavailable):
        counter.begun()

    gateways.moods.clear()
    counter.wait(60)

    assert counter.payment.status is Status.PROCESSING


# ---- the money ---------------------------------------------------------------------------------------


def test_money_that_comes_pays_and_is_told_once() -> None:
    counter = Counter()
    counter.begun()

    for _ in range(3):
        payment = counter.hear() if counter.payment.is_final else counter.pay()

    assert payment.status is Status.SUCCESS
    assert (payment.captured, payment.refundable) == (WHOLE, WHOLE)
    assert counter.amounts(Kind.SALE) == [(150_00, "SUCCEEDED")]
    assert counter.news() == PAID


def test_money_that_nobody_brings_the_news_of_is_found_by_housekeeping() -> None:
    counter = Counter()
    counter.begun()
    counter.comes()

    counter.wait(61)

    assert counter.state == "SUCCESS"


def test_parts_that_add_up_pay() -> None:
    counter = Counter()
    counter.begun(MethodKind.CASH)

    assert counter.pay(euro(50_00)).status is Status.PROCESSING
    assert counter.pay(euro(100_00)).status is Status.SUCCESS

    assert counter.payment.captured == WHOLE
    assert counter.amounts(Kind.REFUND) == []
    assert counter.news() == PAID


@pytest.mark.parametrize(("action", "code"), [(Action.REJECT, "rejected"), (Action.FAIL, "failed")], ids=str)
def test_a_provider_that_says_no_ends_the_payment(action: Action, code: str) -> None:
    counter = Counter()
    counter.begun()

    payment = counter.acts(action)

    assert payment.status is Status.FAILED
    assert payment.failure is not None
    assert (payment.failure.code, payment.ending) == (code, None)
    assert counter.amounts(Kind.SALE) == [(150_00, "REFUSED")]
    assert counter.news() == UNPAID


def test_a_provider_that_cannot_be_asked_decides_nothing() -> None:
    counter, gateways = a_moody_counter()
    counter.begun()
    counter.comes()
    gateways.moods |= {"outcome": says_nothing, "close": says_nothing}

    counter.wait(2 * HOUR.total_seconds())
    assert counter.state == "PROCESSING"

    gateways.moods.clear()
    counter.wait(3600)
    assert counter.state == "SUCCESS"


# ---- the end -----------------------------------------------------------------------------------------


def test_a_payment_that_nobody_begins_expires_with_its_checkout() -> None:
    counter = Counter()
    counter.ask()
    counter.choose_method()

    counter.wait(1900)

    payment = counter.payment
    assert (payment.status, payment.ending) == (Status.FAILED, Ending.EXPIRED)
    assert payment.due_at is None
    assert counter.news() == UNPAID


def test_a_slip_that_nobody_pays_expires_at_its_own_deadline_and_is_asked_about_once_more() -> None:
    counter = Counter()
    counter.begun(MethodKind.CASH)

    counter.wait(DAYS.total_seconds() - 60)
    assert counter.state == "PROCESSING"
    counter.wait(120)

    assert (counter.state, counter.payment.ending) == ("FAILED", Ending.EXPIRED)
    assert counter.news() == UNPAID


def test_money_that_came_just_before_the_deadline_pays() -> None:
    counter, gateways = a_moody_counter()
    counter.begun(MethodKind.CASH)
    gateways.moods["outcome"] = is_down
    counter.wait(DAYS.total_seconds() - 30)
    counter.comes()

    counter.wait(120)

    assert counter.state == "SUCCESS"
    assert counter.news() == PAID


def is_arriving(*given: object) -> MethodOutcome:
    return MethodOutcome(MethodState.ARRIVING, "processing")


def test_money_on_its_way_at_the_deadline_is_waited_for() -> None:
    counter, gateways = a_moody_counter()
    counter.begun(MethodKind.CASH)
    gateways.moods |= {"outcome": is_arriving, "close": is_arriving}

    counter.wait(DAYS.total_seconds() + 20 * 3600)

    assert (counter.state, counter.news()) == ("PROCESSING", [])
    gateways.moods.clear()
    counter.comes()
    counter.wait(2 * 3600)
    assert (counter.state, counter.payment.attention) == ("SUCCESS", None)
    assert counter.news() == PAID


def test_who_has_paid_cannot_leave_while_the_money_is_on_its_way() -> None:
    counter, gateways = a_moody_counter()
    counter.begun(MethodKind.CASH)
    gateways.moods |= {"outcome": is_arriving, "close": is_arriving}

    with pytest.raises(IllegalTransition):
        counter.cancel()

    assert counter.state == "PROCESSING"


def test_money_on_its_way_that_does_not_come_ends_it() -> None:
    counter, gateways = a_moody_counter()
    counter.begun(MethodKind.CASH)
    gateways.moods |= {"outcome": is_arriving, "close": is_arriving}
    counter.wait(DAYS.total_seconds() + 3600)

    gateways.moods.clear()
    counter.wait(2 * 3600)

    assert (counter.state, counter.payment.ending) == ("FAILED", Ending.EXPIRED)


@pytest.mark.parametrize("kind", [None, MethodKind.ONLINE, MethodKind.CASH], ids=str)
def test_a_customer_who_leaves_ends_it_at_any_moment_before_the_money(kind: MethodKind | None) -> None:
    counter = Counter()
    counter.begun(kind) if kind else counter.ask()

    assert counter.cancel() == counter.cancel()

    assert (counter.state, counter.payment.ending) == ("FAILED", Ending.CANCELLED)
    assert counter.news() == UNPAID


def test_a_customer_who_leaves_after_paying_has_paid() -> None:
    counter = Counter()
    counter.begun()
    counter.comes()

    with pytest.raises(IllegalTransition):
        counter.cancel()

    assert counter.state == "SUCCESS"
    assert counter.news() == PAID


def test_leaving_while_the_provider_does_not_answer_decides_nothing() -> None:
    counter, gateways = a_moody_counter()
    counter.begun()
    gateways.moods["close"] = is_down

    with pytest.raises(Unavailable):
        counter.cancel()

    assert counter.state == "PROCESSING"


def test_a_beginning_that_overtakes_the_end_is_closed_at_its_provider() -> None:
    counter = Counter()
    counter.ask()
    counter.choose_method()
    counter.world.payments.meanwhile(counter.begin)

    counter.cancel()

    assert counter.begun_times() == 1
    assert not counter.comes()
    assert (counter.state, counter.payment.ending) == ("FAILED", Ending.CANCELLED)


def test_the_merchants_cancel_ends_a_payment_by_method_too() -> None:
    from shared.usecases.payment.end_checkout import cancel_checkout

    counter = Counter()
    counter.begun()

    assert cancel_checkout(counter.payment, world=counter.world).ending is Ending.CANCELLED


# ---- money that is nobody's ---------------------------------------------------------------------------


def late(kind: MethodKind) -> Counter:
    """Money that came an hour after the customer had left, to a provider that could not call its slip back."""
    counter, gateways = a_moody_counter()
    counter.begun(kind)
    closing = counter.world.gateways.inner.method(counter.payment)  # type: ignore[attr-defined]
    gateways.moods["close"] = closing.outcome
    counter.cancel()
    counter.wait(3600)
    counter.comes()
    return counter


def test_late_money_goes_back_where_the_provider_gives_money_back() -> None:
    counter = late(MethodKind.ONLINE)

    counter.wait(7200)

    assert counter.at_the_provider() == (150_00, 150_00)
    assert (counter.state, counter.payment.attention) == ("FAILED", None)
    assert counter.amounts(Kind.REFUND) == [(150_00, "SUCCEEDED")]
    assert counter.news() == [*UNPAID, EventType.RETURNED]


def test_late_money_that_cannot_go_back_is_shown_to_a_person() -> None:
    counter = late(MethodKind.CASH)

    counter.wait(7200)

    assert (counter.state, counter.payment.attention) == ("FAILED", "PAID_LATE")
    assert counter.amounts(Kind.RECEIPT) == [(150_00, "SUCCEEDED")]
    assert counter.amounts(Kind.REFUND) == [(150_00, "REFUSED")]


def test_a_slip_that_is_over_is_watched_for_a_day_and_then_let_go() -> None:
    counter = Counter()
    counter.begun(MethodKind.CASH)
    counter.cancel()

    counter.wait(23 * 3600)
    assert counter.payment.due_at is not None
    counter.wait(3 * 3600)

    assert counter.payment.due_at is None


def test_what_its_provider_has_closed_is_not_watched() -> None:
    counter = Counter()
    counter.begun(MethodKind.ONLINE)

    assert counter.cancel().due_at is None


def test_money_that_comes_twice_goes_back_once() -> None:
    counter = Counter()
    counter.begun()
    counter.pay()
    counter.comes()

    counter.wait(3 * 3600)

    assert counter.at_the_provider() == (300_00, 150_00)
    assert (counter.state, counter.payment.captured) == ("SUCCESS", WHOLE)
    assert counter.payment.refundable == WHOLE
    assert counter.news() == [*PAID, EventType.RETURNED]


def test_more_than_was_due_pays_and_the_rest_needs_a_person_where_nothing_goes_back() -> None:
    counter = Counter()
    counter.begun(MethodKind.CASH)

    payment = counter.pay(euro(170_00))

    assert (payment.status, payment.captured) == (Status.SUCCESS, WHOLE)
    assert payment.attention == "PAID_TOO_MUCH"
    assert counter.amounts(Kind.REFUND) == [(20_00, "REFUSED")]


def test_less_than_was_due_goes_back_at_the_deadline() -> None:
    counter = Counter()
    counter.begun()
    counter.pay(euro(60_00))

    counter.wait(HOUR.total_seconds() + 120)

    assert counter.at_the_provider() == (60_00, 60_00)
    assert counter.state == "FAILED"


def test_less_than_was_due_in_cash_needs_a_person_at_the_deadline() -> None:
    counter = Counter()
    counter.begun(MethodKind.CASH)
    counter.pay(euro(60_00))

    counter.wait(DAYS.total_seconds() + 120)

    assert (counter.state, counter.payment.attention) == ("FAILED", "PAID_IN_PART")


def test_a_return_whose_answer_was_lost_is_asked_about_and_sent_once() -> None:
    counter = Counter()
    counter.begun(payer="REFUNDLOST")
    counter.pay(euro(170_00))
    assert counter.amounts(Kind.REFUND) == [(20_00, "UNKNOWN")]

    counter.wait(300)

    assert counter.amounts(Kind.REFUND) == [(20_00, "SUCCEEDED")]
    assert counter.at_the_provider() == (170_00, 20_00)


def test_each_surplus_has_a_return_of_its_own() -> None:
    counter = Counter()
    counter.begun()
    for amount in (170_00, 30_00, 5_00):
        counter.pay(euro(amount))

    assert counter.amounts(Kind.REFUND) == [(minor, "SUCCEEDED") for minor in (20_00, 30_00, 5_00)]
    assert counter.at_the_provider() == (205_00, 55_00)


def test_money_of_another_currency_pays_nothing_and_is_shown_to_a_person() -> None:
    from shared.domain.money import Money
    from shared.ports.methods import MethodOutcome, MethodState, Receipt
    from shared.usecases.method.record_method_outcome import take_method_outcome

    counter = Counter()
    payment = counter.begun()
    dollars = MethodOutcome(MethodState.PAID, received=(Receipt("1", Money(150_00, "USD")),))

    for _ in range(2):
        payment = take_method_outcome(payment, dollars, world=counter.world)

    assert (payment.status, payment.attention) == (Status.PROCESSING, "AMOUNT_MISMATCH")
    assert counter.amounts(Kind.RECEIPT) == [(150_00, "REFUSED")]


def test_a_provider_that_says_paid_without_money_pays_nothing() -> None:
    from shared.ports.methods import MethodOutcome, MethodState
    from shared.usecases.method.record_method_outcome import take_method_outcome

    counter = Counter()
    payment = counter.begun()

    payment = take_method_outcome(payment, MethodOutcome(MethodState.PAID, "00"), world=counter.world)

    assert payment.status is Status.PROCESSING


def test_two_who_bring_the_same_news_record_it_once() -> None:
    counter = Counter()
    counter.begun()
    counter.comes(euro(170_00))
    counter.world.payments.meanwhile(counter.hear)

    counter.hear()

    assert counter.at_the_provider() == (170_00, 20_00)
    assert counter.amounts(Kind.RECEIPT) == [(170_00, "SUCCEEDED")]
    assert counter.news() == [*PAID, EventType.RETURNED]


# ---- refunds of the merchant ---------------------------------------------------------------------------


def test_a_merchants_refund_goes_to_the_methods_provider() -> None:
    counter = Counter()
    counter.begun()
    counter.pay()

    counter.refund(euro(50_00))

    assert counter.at_the_provider() == (150_00, 50_00)
    assert counter.state == "PARTIALLY_REFUNDED"
    assert counter.payment.refundable == euro(100_00)


@pytest.mark.parametrize("kind", [MethodKind.CASH, MethodKind.CRYPTO], ids=str)
def test_a_refund_of_what_only_comes_in_is_refused_and_keeps_nothing_reserved(kind: MethodKind) -> None:
    counter = Counter()
    counter.begun(kind)
    counter.pay()

    with pytest.raises(Refused) as refusal:
        counter.refund()

    assert refusal.value.error_code == "refund_not_supported"
    assert (counter.state, counter.payment.refundable) == ("SUCCESS", WHOLE)


def test_money_that_comes_after_a_refund_is_no_part_of_it() -> None:
    counter = Counter()
    counter.begun()
    counter.pay()
    counter.refund()

    counter.pay(euro(30_00))

    assert counter.at_the_provider() == (180_00, 180_00)
    assert counter.state == "REFUNDED"


# ---- whatever else looks at it ---------------------------------------------------------------------------


def test_housekeeping_never_looks_for_its_card_page() -> None:
    counter, gateways = a_moody_counter()
    counter.begun()

    look_after(counter.payment, world=counter.world)
    counter.cancel()
    counter.change(due_at=counter.world.now(), page_settled=False)
    look_after(counter.payment, world=counter.world)

    assert gateways.times("page_outcome") == []
    assert gateways.times("close_page") == []


def test_a_payment_by_method_is_not_captured_or_voided() -> None:
    from shared.domain.payment import Tender

    counter = Counter()
    counter.begun()

    for tender in (Tender.CAPTURE, Tender.VOID):
        with pytest.raises(IllegalTransition):
            counter.choose(tender)


def test_nothing_of_the_payer_is_printed_with_the_payment() -> None:
    counter = Counter()
    payment = counter.begun(payer="Lovelace")

    assert "Lovelace" not in repr(payment)
    assert replace(payment).payer == payment.payer
