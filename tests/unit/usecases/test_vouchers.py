"""A payment with vouchers: what they cover, what is refused, what is given back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.errors import IllegalTransition, InvalidRequest, NobodyKnows, TooManyTries
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import Failure, Payment, Status, Tender
from shared.domain.voucher import VoucherState
from shared.usecases.flow.capture_card import capture_card
from shared.usecases.flow.restore_vouchers import restore_vouchers
from shared.usecases.flow.spend_vouchers import spend_vouchers
from shared.usecases.flow.validate_vouchers import validate_vouchers
from shared.usecases.payment.choose_tender import TenderChoice, choose_tender
from shared.usecases.payment.settle import settle
from tests.unit.usecases.moody import a_moody_till, is_down, is_pending, says_nothing
from tests.unit.usecases.till import ANSWER_LOST, CAPTURE_FAILS, Till
from tools.testing.builders import euro


@pytest.fixture
def till() -> Till:
    made = Till()
    made.held()
    return made


def test_voucher_pays_a_part_and_the_card_the_rest(till: Till) -> None:
    payment = till.spend("V5000-A1")

    assert payment.status is Status.SUCCESS
    assert (payment.captured, payment.spent) == (euro(100_00), euro(50_00))
    assert till.in_book() == (150_00, 100_00, 50_00, 0, 0)
    assert till.used("V5000-A1") == 50_00
    assert till.told()[1:] == [
        ("payment_intent.processing", "VOUCHER_SPEND"),
        ("payment_intent.succeeded", "CAPTURE"),
        ("checkout.session.completed", "CAPTURE"),
    ]


def test_vouchers_that_cover_everything_release_the_hold(till: Till) -> None:
    payment = till.spend("V10000-A1", "V5000-A2")

    assert payment.status is Status.SUCCESS
    assert (payment.captured, payment.spent) == (euro(0), euro(150_00))
    assert till.in_book() == (150_00, 0, 0, 150_00, 0)


def test_more_than_the_rest_spends_only_what_is_due(till: Till) -> None:
    payment = till.spend("V10000-A1", "V9000-A2", "V1000-A3")

    assert payment.spent == euro(150_00)
    assert [till.used(otp) for otp in ("V10000-A1", "V9000-A2")] == [100_00, 50_00]
    assert [v.state for v in payment.vouchers] == [VoucherState.SPENT, VoucherState.SPENT, VoucherState.UNUSED]
    assert till.voucher("V1000-A3")["spent"] == 0


@pytest.mark.parametrize("serial", ["INVALID", "EXPIRED", "USED"])
def test_refused_code_lets_the_customer_choose_again(till: Till, serial: str) -> None:
    payment = till.spend("V1000-A1", f"V2000-{serial}")

    assert payment.status is Status.VOUCHER_FAILED
    assert payment.failure is not None
    assert payment.spent == euro(0)
    assert till.calls("CAPTURE") == 0

    assert till.spend("V1000-A1").status is Status.SUCCESS
    assert till.in_book() == (150_00, 140_00, 10_00, 0, 0)


def test_refused_code_may_be_followed_by_card_only(till: Till) -> None:
    till.spend("V2000-INVALID")

    payment = till.card_only()

    assert payment.status is Status.SUCCESS
    assert payment.captured == euro(150_00)


def test_step_that_comes_late_leaves_the_next_choice_alone() -> None:
    till, gateways = a_moody_till()
    till.held()
    till.spend("V3000-SPENDFAIL")
    gateways.moods |= {"capture": says_nothing, "lookup": is_pending}
    till.choose(Tender.CARD_ONLY)
    assert (till.state, till.operations(Kind.CAPTURE)) == ("PROCESSING", ["UNKNOWN"])

    for step in (validate_vouchers, spend_vouchers, restore_vouchers):
        assert step(till.id, world=till.world).word == "moved"

    assert (till.state, till.payment.tender) == ("PROCESSING", Tender.CARD_ONLY)


def test_restoring_that_comes_late_leaves_the_vouchers_of_the_next_choice_to_their_own(till: Till) -> None:
    till.spend("V3000-SPENDFAIL")
    stale = replace(till.payment, status=Status.PROCESSING, tender=Tender.VOUCHERS)
    till.machines.lose(till.id)
    till.spend("V3000-GOOD1", "V2000-SPENDFAIL")
    assert validate_vouchers(till.id, world=till.world).word == "valid"
    assert spend_vouchers(till.id, world=till.world).word == "refused"
    world: Any = till.world
    late = replace(world, payments=ReadsOnce(world.payments, stale))

    assert restore_vouchers(till.id, world=late).word == "moved"

    assert till.state == "PROCESSING"
    till.wait(120)
    assert (till.state, till.used("V3000-GOOD1")) == ("VOUCHER_FAILED", 0)


class ReadsOnce:
    """Payments, of which a slow caller reads ``stale`` first."""

    def __init__(self, inner: Any, stale: Payment) -> None:
        self._inner, self._stale = inner, [stale]

    def get(self, payment_id: Any) -> Payment:
        return self._stale.pop() if self._stale else self._inner.get(payment_id)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def test_capture_that_comes_late_waits_for_the_vouchers_that_were_chosen_since(till: Till) -> None:
    till.spend("V3000-SPENDFAIL")
    till.machines.lose(till.id)
    till.spend("V2000-OK1")
    assert till.payment.vouchers[-1].state is VoucherState.ENTERED

    assert capture_card(till.id, world=till.world).word == "moved"
    assert not till.operations(Kind.CAPTURE)

    till.wait(120)
    assert till.in_book() == (150_00, 130_00, 20_00, 0, 0)


def test_code_the_provider_does_not_know_is_refused(till: Till) -> None:
    assert till.spend("HELLO").status is Status.VOUCHER_FAILED


def test_voucher_refused_at_spending_gives_the_good_one_back(till: Till) -> None:
    payment = till.spend("V3000-A1", "V2000-SPENDFAIL")

    assert payment.status is Status.VOUCHER_FAILED
    assert payment.spent == euro(0)
    assert till.used("V3000-A1") == 0
    assert till.voucher("V3000-A1")["reversed"] == 30_00
    assert till.told()[-1] == ("payment_intent.payment_failed", "VOUCHER_SPEND")

    assert till.spend("V3000-A1").captured == euro(120_00)
    assert till.used("V3000-A1") == 30_00


def test_what_follows_a_refusal_is_not_sent(till: Till) -> None:
    till.spend("V2000-SPENDFAIL", "V3000-A1")

    assert till.voucher("V3000-A1")["spent"] == 0
    assert sorted(till.operations(Kind.VOUCHER_SPEND)) == ["REFUSED", "REFUSED"]


def test_spend_whose_answer_was_lost_counts_once(till: Till) -> None:
    assert till.spend("V3000-SPENDLOST").status is Status.PROCESSING

    till.wait(10)

    assert till.state == "SUCCESS"
    assert till.voucher("V3000-SPENDLOST")["spent"] == 30_00
    assert till.in_book() == (150_00, 120_00, 30_00, 0, 0)


def test_several_lost_spends_beside_a_refused_one_are_all_given_back(till: Till) -> None:
    till.spend("V1000-SPENDLOST1", "V1000-SPENDLOST2", "V2000-SPENDFAIL")

    till.wait(20)

    assert till.state == "VOUCHER_FAILED"
    assert till.payment.spent == euro(0)
    assert (till.used("V1000-SPENDLOST1"), till.used("V1000-SPENDLOST2")) == (0, 0)


def test_notification_that_fails_delays_and_stops_nothing(till: Till) -> None:
    till.spend("V3000-NOTIFYFAIL")

    till.wait(60)

    assert till.state == "SUCCESS"
    till.wait(3600)
    assert all(v.notified for v in till.payment.vouchers)
    assert not till.payment.open_operations()
    assert till.payment.due_at is None


def test_notification_that_fails_again_after_a_long_break_delays_nothing_further() -> None:
    till, gateways = a_moody_till()
    till.held()
    gateways.moods["notify"] = is_down
    till.choose(Tender.VOUCHERS, "V3000-OK1")
    till.machines.lose(till.id)
    assert till.operations(Kind.VOUCHER_NOTIFY) == ["UNKNOWN"]
    till.world.now.advance(minutes=30)  # nobody looked all the while

    till.wait(120)

    assert till.state == "SUCCESS"
    assert till.in_book() == (150_00, 120_00, 30_00, 0, 0)


def test_voucher_that_cannot_be_given_back_counts_in_the_next_choice(till: Till) -> None:
    till.spend("V3000-NOREVERSE", "V2000-SPENDFAIL")

    assert till.state == "VOUCHER_FAILED"
    assert till.payment.spent == euro(30_00)

    payment = till.card_only()

    assert payment.status is Status.SUCCESS
    assert (payment.captured, payment.spent) == (euro(120_00), euro(30_00))


@pytest.mark.parametrize("end", ["expiry", "void"])
def test_voucher_that_cannot_be_given_back_is_shown_when_the_payment_ends_unpaid(till: Till, end: str) -> None:
    till.spend("V3000-NOREVERSE", "V2000-SPENDFAIL")

    if end == "void":
        till.choose(Tender.VOID)
    else:
        till.wait(1900)

    assert till.payment.attention == "VOUCHER_NOT_REVERSED"
    assert till.in_book() == (150_00, 0, 0, 150_00, 0)


def test_capture_refused_gives_vouchers_back_and_releases_the_hold() -> None:
    till = Till()
    till.held(CAPTURE_FAILS)

    payment = till.spend("V3000-A1", "V2000-A2")

    assert payment.status is Status.CARD_CAPTURE_FAILED
    assert payment.spent == euro(0)
    assert payment.attention is None
    assert (till.used("V3000-A1"), till.used("V2000-A2")) == (0, 0)
    assert till.in_book() == (150_00, 0, 0, 150_00, 0)
    assert till.execution == "SUCCEEDED"
    assert [event for event, _ in till.told()].count("checkout.session.completed") == 1


def test_capture_refused_and_voucher_kept_by_its_provider_is_shown() -> None:
    till = Till()
    till.held(CAPTURE_FAILS)

    payment = till.spend("V3000-NOREVERSE", "V2000-A2")

    assert payment.status is Status.CARD_CAPTURE_FAILED
    assert payment.attention == "VOUCHER_NOT_REVERSED"
    assert (till.used("V3000-NOREVERSE"), till.used("V2000-A2")) == (30_00, 0)
    assert till.in_book() == (150_00, 0, 0, 150_00, 0)
    assert till.execution == "SUCCEEDED"
    assert till.payment.due_at is None


def test_voucher_notified_in_vain_and_then_given_back_leaves_nothing_open() -> None:
    till = Till()
    till.held(CAPTURE_FAILS)
    till.spend("V3000-NOTIFYFAIL")

    till.wait(120)

    assert till.state == "CARD_CAPTURE_FAILED"
    assert not till.payment.open_operations()
    assert till.wait(7200).due_at is None


def test_lost_answers_of_the_card_and_the_voucher_end_right() -> None:
    till = Till()
    till.held(ANSWER_LOST)
    till.spend("V3000-SPENDLOST")

    till.wait(30)

    assert till.state == "SUCCESS"
    assert till.in_book() == (150_00, 120_00, 30_00, 0, 0)
    assert till.calls("CAPTURE") == 1
    assert till.used("V3000-SPENDLOST") == 30_00


def test_codes_are_masked_once_nothing_more_can_be_done_with_them(till: Till) -> None:
    till.spend("V3000-SECRETA", "V2000-SPENDFAIL")
    till.spend("V9000-SECRETB", "V9000-SECRETC", "V9000-SECRETD")

    for voucher in till.payment.vouchers:
        assert voucher.otp.startswith("…")
    assert "SECRET" not in str([v.otp for v in till.payment.vouchers])


def test_eleventh_voucher_try_is_refused_and_the_card_still_pays(till: Till) -> None:
    for _ in range(10):
        till.spend("V2000-INVALID")

    with pytest.raises(TooManyTries):
        till.spend("V2000-A1")
    assert till.card_only().status is Status.SUCCESS


@pytest.mark.parametrize("otps", [(), ("V1-A", "v1-a"), tuple(f"V1-{n}" for n in range(9))])
def test_senseless_lists_of_codes_are_refused(till: Till, otps: tuple[str, ...]) -> None:
    with pytest.raises(InvalidRequest):
        till.spend(*otps)
    assert till.state == "CARD_PREAUTH_SUCCESS"


def test_vouchers_cannot_be_chosen_before_the_card_is_held() -> None:
    till = Till()
    till.open()

    with pytest.raises(IllegalTransition):
        till.spend("V1000-A1")


def test_same_voucher_in_two_payments_is_spent_once(till: Till) -> None:
    till.spend("V3000-A1")
    first = till.id
    till.held()

    payment = till.spend("V3000-A1")

    assert payment.status is Status.VOUCHER_FAILED
    assert till.world.payments.get(first).spent == euro(30_00)
    assert till.used("V3000-A1") == 30_00


def test_merchant_captures_beside_a_voucher_that_stayed_spent(till: Till) -> None:
    till.spend("V3000-NOREVERSE", "V2000-SPENDFAIL")

    payment = till.choose(Tender.CAPTURE, amount=euro(30_00))

    assert payment.status is Status.SUCCESS
    assert payment.captured == euro(0)
    assert till.in_book() == (150_00, 0, 0, 150_00, 0)


# ---- vouchers that are used whole, and the law ----


def test_of_whole_vouchers_as_many_pay_as_fit_and_the_rest_stays_the_customers() -> None:
    till = Till()
    till.held(amount=euro(20_00))

    payment = till.spend("V800-ITALY1", "V800-ITALY2", "V800-ITALY3")

    assert (payment.status, payment.spent, payment.captured) == (Status.SUCCESS, euro(16_00), euro(4_00))
    left = payment.vouchers[2]
    assert (left.state, left.code, left.message) == (
        VoucherState.UNUSED,
        "value_would_be_lost",
        "4.00 EUR of the voucher would be lost",
    )
    assert till.used("V800-ITALY3") == 0


def test_where_every_voucher_would_lose_something_nothing_is_charged_until_the_customer_says() -> None:
    till = Till()
    till.held(amount=euro(7_20))

    payment = till.spend("V800-ITALY1")

    assert payment.status is Status.VOUCHER_FAILED
    assert payment.failure == Failure("value_would_be_lost", "0.80 EUR of the voucher would be lost")
    assert (till.used("V800-ITALY1"), payment.captured) == (0, euro(0))

    choose_tender(till.id, TenderChoice(Tender.VOUCHERS, ("V800-ITALY1",), accepts_loss=True), world=till.world)
    till.machines.pump()

    assert (till.state, till.used("V800-ITALY1"), till.payment.captured) == ("SUCCESS", 7_20, euro(0))


def test_a_loss_that_was_accepted_once_is_not_accepted_for_the_next_choice() -> None:
    till = Till()
    till.held(amount=euro(7_20))
    bad = TenderChoice(Tender.VOUCHERS, ("V800-EXPIRED1",), accepts_loss=True)
    choose_tender(till.id, bad, world=till.world)
    till.machines.pump()

    assert till.spend("V800-ITALY1").failure == Failure(
        "value_would_be_lost", "0.80 EUR of the voucher would be lost"
    )


def test_french_vouchers_pay_twenty_five_euros_and_the_card_the_rest() -> None:
    till = Till()
    till.held(amount=euro(60_00))

    payment = till.spend("V2000-FRANCE1", "V2000-FRANCE2")

    assert (payment.spent, payment.captured) == (euro(25_00), euro(35_00))


def test_vouchers_that_could_not_be_given_back_count_among_the_eight() -> None:
    till = Till()
    till.held()
    till.spend(*(f"V100-NOREVERSE{n}" for n in range(7)), "V100-SPENDFAIL1")
    assert till.payment.status is Status.VOUCHER_FAILED
    assert till.payment.spent == euro(7_00)

    with pytest.raises(InvalidRequest):
        till.spend("V100-A1", "V100-A2")

    assert till.spend("V100-A1").spent == euro(8_00)


@pytest.mark.parametrize(("spent", "state"), [(True, "SUCCESS"), (False, "VOUCHER_FAILED")])
def test_an_issuer_that_answers_no_question_leaves_a_lost_spending_to_a_person(spent: bool, state: str) -> None:
    till, gateways = a_moody_till()
    till.held()
    gateways.moods |= {"spend": says_nothing, "lookup": nobody_knows}

    till.spend("V5000-A1")
    till.wait(60)

    assert till.payment.attention == "OUTCOME_UNKNOWN"
    assert till.operations(Kind.VOUCHER_SPEND) == ["UNKNOWN"]
    assert len(gateways.times("spend")) == 1

    key = next(op.key for op in till.payment.operations if op.kind is Kind.VOUCHER_SPEND)
    found_out = State.SUCCEEDED if spent else State.REFUSED
    settle(till.id, key, Answer(found_out, "settled", "the operator: by the issuer's list"), world=till.world)
    till.wait(120)

    settled = till.payment
    assert settled.status.value == state
    assert settled.attention is None
    assert till.payment.spent == (euro(50_00) if spent else euro(0))
    assert len(gateways.times("spend")) == 1


def nobody_knows(*given: Any) -> Any:
    raise NobodyKnows("this issuer answers no such question")
