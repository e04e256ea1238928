"""Vouchers of several issuers in one payment: whose each is, and what each issuer can and cannot do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from shared.domain.errors import InvalidRequest, Refused, TooManyTries, VoucherNotDivisible
from shared.domain.operation import Kind
from shared.domain.payment import Status
from shared.domain.refund import CARD, no_way_back
from shared.domain.voucher import VoucherState
from shared.usecases.payment.check_voucher import check_voucher
from tests.unit.usecases.issuers import IssuersTill, an_issuers_till
from tests.unit.usecases.till import CAPTURE_FAILS
from tools.testing.builders import euro
from tools.testing.far_sides.door import Reply, Request
from tools.testing.far_sides.switch import Damage, Fault


@pytest.fixture
def till() -> Iterator[IssuersTill]:
    with an_issuers_till() as made:
        yield made


def test_each_code_goes_to_the_issuer_whose_form_it_has(till: IssuersTill) -> None:
    theirs, others = till.assiopay.voucher(30_00), till.monni.voucher(8_00)
    till.held()

    payment = till.spend(theirs, others)

    assert (payment.status, payment.spent, payment.captured) == (Status.SUCCESS, euro(38_00), euro(112_00))
    assert [voucher.provider for voucher in payment.vouchers] == ["assiopay", "monni"]
    assert (till.left(theirs), till.left(others)) == (30_00, 8_00)
    assert not [request for request in till.monni.issuer.asked if theirs.encode() in request.body]


def test_a_code_of_no_known_form_is_asked_about_in_order_until_somebody_knows_it(till: IssuersTill) -> None:
    other_form = till.monni.books.issue("M-{number}", 8_00, divisible=False).code
    till.held()

    payment = till.spend(other_form)

    assert (payment.vouchers[0].provider, payment.spent) == ("monni", euro(8_00))
    assert any(other_form.encode() in request.body for request in till.assiopay.issuer.asked)


def test_a_code_that_nobody_knows_is_refused_in_our_words(till: IssuersTill) -> None:
    till.held()

    payment = till.spend("ABCDEF")

    assert payment.status is Status.VOUCHER_FAILED
    assert payment.failure is not None
    assert (payment.failure.code, payment.failure.message) == ("voucher_invalid", "The voucher code is not valid")


def test_no_issuer_is_taken_for_another_while_one_that_may_know_the_code_is_silent(till: IssuersTill) -> None:
    other_form = till.monni.books.issue("M-{number}", 8_00).code
    till.held()

    with till.assiopay.switch.at(Fault(Damage.DOWN)):
        payment = till.spend(other_form)

        assert payment.status is Status.PROCESSING
        assert not till.monni.issuer.asked
    assert till.wait(120).status is Status.SUCCESS


def test_what_was_reserved_and_not_spent_is_let_go(till: IssuersTill) -> None:
    good, bad = till.monni.voucher(8_00), till.assiopay.bad_voucher()
    till.held()

    assert till.spend(good, bad).status is Status.VOUCHER_FAILED

    assert till.monni.books.ticket(good).holder == ""
    assert till.spend(good).spent == euro(8_00)


def test_a_code_whose_reservation_nobody_heard_of_is_the_customers_again_in_the_next_choice(
    till: IssuersTill,
) -> None:
    code = till.monni.voucher(8_00)
    till.held()
    with till.monni.switch.at(Fault(Damage.LOST, acted=True)):
        till.spend(code)
        assert till.wait(30).status is Status.VOUCHER_FAILED
    assert till.monni.books.ticket(code).holder
    assert till.world.now() < (till.monni.books.ticket(code).held_until or till.world.now())

    payment = till.spend(f"{code[:4]} {code[4:]}")

    assert (payment.status, payment.spent, till.left(code)) == (Status.SUCCESS, euro(8_00), 8_00)


def test_a_code_that_was_let_go_is_reserved_anew_also_where_that_answer_was_lost(till: IssuersTill) -> None:
    good, bad = till.monni.voucher(8_00), till.assiopay.bad_voucher()
    till.held()
    assert till.spend(good, bad).status is Status.VOUCHER_FAILED
    with till.monni.switch.at(Fault(Damage.LOST, acted=True)):
        till.spend(good)

    assert till.wait(30).spent == euro(8_00)


def test_looking_at_a_code_reserves_nothing(till: IssuersTill) -> None:
    code = till.monni.voucher(8_00)
    payment = till.held()

    looked = check_voucher(payment, code, world=till.world)

    assert (looked.said, looked.asked) == (None, False)
    assert not till.monni.issuer.asked


def test_a_code_that_is_looked_at_names_the_issuer_that_knows_it_and_no_other(till: IssuersTill) -> None:
    payment = till.held()

    known, unknown = (
        check_voucher(payment, code, world=till.world) for code in (till.assiopay.voucher(5_00), "AP99999999")
    )

    assert (known.voucher.provider, known.voucher.state) == ("assiopay", VoucherState.VALID)
    assert (unknown.voucher.provider, unknown.voucher.state) == ("", VoucherState.INVALID)


def test_one_code_that_is_typed_in_two_ways_is_entered_twice_and_spends_nothing(till: IssuersTill) -> None:
    code = till.assiopay.made(5_00, kind="canteen").code
    till.held()

    with pytest.raises(InvalidRequest, match="twice"):
        till.spend(code, f"{code[:2].lower()} {code[2:6]}-{code[6:]}")

    assert till.left(code) == 0


def test_what_is_never_given_back_is_spent_when_no_other_voucher_can_be_refused_any_more(till: IssuersTill) -> None:
    canteen = till.assiopay.made(5_00, kind="canteen").code
    refused = till.monni.made(8_00, unspendable=True).code
    till.held()

    payment = till.spend(canteen, refused)

    assert payment.status is Status.VOUCHER_FAILED
    assert (payment.failure and payment.failure.code, till.left(canteen)) == ("voucher_not_accepted_here", 0)
    assert till.spend(canteen).spent == euro(5_00)


def test_a_capture_that_fails_gives_back_to_each_issuer_what_is_its_own(till: IssuersTill) -> None:
    codes = till.assiopay.voucher(30_00), till.monni.voucher(8_00)
    till.held(CAPTURE_FAILS)

    payment = till.spend(*codes)

    assert payment.status is Status.CARD_CAPTURE_FAILED
    assert [till.left(code) for code in codes] == [0, 0]
    assert payment.attention is None


def test_after_midnight_a_voucher_that_goes_back_on_the_same_day_alone_is_for_a_person(till: IssuersTill) -> None:
    code = till.monni.voucher(8_00)
    till.held()
    till.spend(code)
    till.world.now.advance(days=1)

    till.refund(till.payment.captured)
    with pytest.raises(Refused) as refused:
        till.refund()

    assert refused.value.error_code == "too_late_to_reverse"
    assert till.left(code) == 8_00
    assert till.payment.refundable == euro(8_00)


@pytest.mark.parametrize("lost", [False, True], ids=["answered", "lost and asked about"])
def test_a_voucher_says_until_when_it_goes_back_also_where_the_answer_was_lost(till: IssuersTill, lost: bool) -> None:
    code = till.monni.voucher(8_00)
    till.held()
    real = till.monni.issuer.answer

    def answer(request: Request) -> Reply:
        said = real(request)
        return Reply(502, b"") if lost and request.path.endswith("/spend") else said

    till.monni.issuer.answer = answer  # type: ignore[method-assign]
    till.spend(code)

    payment = till.wait(60)

    (voucher,) = payment.vouchers
    midnight = till.monni.books.ticket(code).returns_until
    assert midnight is not None
    assert payment.reversible_until(voucher) == midnight
    before = midnight - timedelta(seconds=1)
    assert no_way_back(payment, voucher.reference, euro(8_00), before) == ""
    assert no_way_back(payment, voucher.reference, euro(3_00), before) == "voucher_not_divisible"
    assert no_way_back(payment, voucher.reference, euro(8_00), midnight) == "too_late_to_reverse"


def test_what_is_never_given_back_is_known_before_its_issuer_is_asked(till: IssuersTill) -> None:
    canteen = till.assiopay.made(5_00, kind="canteen").code
    till.held()
    payment = till.spend(canteen)

    (voucher,) = payment.vouchers
    assert no_way_back(payment, voucher.reference, euro(5_00), till.world.now()) == "not_reversible"
    assert no_way_back(payment, CARD, euro(5_00), till.world.now()) == ""


def test_a_part_of_a_voucher_that_goes_back_whole_is_refused_and_the_whole_is_given_back(till: IssuersTill) -> None:
    code = till.monni.voucher(8_00)
    till.held()
    till.spend(code)
    till.refund(till.payment.captured)

    with pytest.raises(VoucherNotDivisible):
        till.refund(euro(3_00))
    till.refund(euro(8_00))

    assert till.left(code) == 0
    assert till.payment.status is Status.REFUNDED


@pytest.mark.parametrize("acted", [False, True])
@pytest.mark.parametrize("issuer", ["assiopay", "monni"])
def test_a_lost_answer_to_a_spending_is_asked_about_and_spends_once(
    till: IssuersTill, issuer: str, acted: bool
) -> None:
    side = getattr(till, issuer)
    code = side.voucher(8_00)
    till.held()
    lost = Fault(Damage.LOST, acted)
    real, struck = side.issuer.answer, list[str]()

    def answer(request: Request) -> Reply:
        """The first spending is lost; everything after it is answered."""
        spends = request.path.endswith(("/spesa", "/spend"))
        if spends and not struck:
            struck.append(request.path)
            side.switch.fault = None
            return real(request)  # type: ignore[no-any-return]
        if not struck and request.path.endswith(("/verifica", "/reservations")):
            said: Reply = real(request)
            side.switch.fault = lost
            return said
        return real(request)  # type: ignore[no-any-return]

    side.issuer.answer = answer
    till.spend(code)
    side.switch.fault = None

    payment = till.wait(60)

    assert (payment.status, payment.spent, till.left(code)) == (Status.SUCCESS, euro(8_00), 8_00)
    assert till.operations(Kind.VOUCHER_SPEND) == ["SUCCEEDED"]


def test_a_token_that_ended_in_between_is_fetched_again(till: IssuersTill) -> None:
    codes = [till.assiopay.voucher(8_00) for _ in range(2)]
    till.held()
    till.spend(codes[0])
    till.assiopay.issuer.revoke()

    till.refund()

    assert till.payment.status is Status.REFUNDED
    assert till.left(codes[0]) == 0


def test_a_payment_keeps_what_each_voucher_is(till: IssuersTill) -> None:
    till.held()

    payment = till.spend(till.assiopay.made(30_00, kind="daily").code, till.monni.voucher(8_00))

    daily, single = payment.vouchers
    assert (daily.kind, daily.divisible, daily.country, daily.expires_on) == ("DAILY", True, "IT", "2030-12-31")
    assert (single.kind, single.divisible, single.state) == ("SINGLE", False, VoucherState.SPENT)
    assert single.reserved_until is not None
    assert single.reserved_until - payment.created_at <= timedelta(minutes=6)


def test_checks_are_counted_whoever_issued_the_code(till: IssuersTill) -> None:
    payment = till.held()
    for _ in range(20):
        payment = check_voucher(payment, "AP00000000", world=till.world).payment

    with pytest.raises(TooManyTries):
        check_voucher(payment, "AP00000000", world=till.world)
