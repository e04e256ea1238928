"""A purchase of which vouchers may pay a part alone: held whatever the customer enters, and told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.domain.errors import IllegalTransition
from shared.domain.payment import Mode, Payment, Status, Tender
from shared.domain.voucher import VoucherState
from shared.families.payglobe.payments import shown
from shared.usecases.payment.check_voucher import check_voucher
from tests.unit.usecases.till import CAPTURE_FAILS, Till
from tools.testing.builders import euro


def held(till: Till, part: int | None, card: str = "4242424242424242") -> Payment:
    """A payment of 150.00 whose card is held, and of which vouchers may pay ``part`` cents."""
    till.open(most_by_voucher=None if part is None else euro(part))
    return till.pay_by_card(card)


def left(payment: Payment) -> tuple[object, object]:
    view = shown(payment, full=False)
    return view["maxVoucherAmount"], view["voucherAmountLeft"]


def test_vouchers_pay_that_part_and_the_card_pays_the_rest() -> None:
    till = Till()
    held(till, 20_00)

    payment = till.spend("V5000-A1")

    assert (payment.status, payment.spent, payment.captured) == (Status.SUCCESS, euro(20_00), euro(130_00))
    assert (till.used("V5000-A1"), till.in_book()[1]) == (20_00, 130_00)


def test_several_vouchers_together_pay_no_more_of_it() -> None:
    till = Till()
    held(till, 20_00)

    payment = till.spend("V1200-A1", "V1200-A2", "V1200-A3")

    assert payment.spent == euro(20_00)
    assert sum(till.used(f"V1200-A{n}") for n in (1, 2, 3)) == 20_00


def test_without_a_word_of_it_vouchers_may_pay_all_as_before() -> None:
    till = Till()
    payment = held(till, None)

    assert left(payment) == (None, Decimal("150.00"))
    assert till.spend("V20000-A1").spent == euro(150_00)


def test_a_whole_voucher_worth_more_than_that_part_asks_before_anything_of_it_is_lost() -> None:
    till = Till()
    held(till, 7_20)

    payment = till.spend("V800-ITALY1")

    assert payment.failure is not None
    assert (payment.status, payment.failure.code) == (Status.VOUCHER_FAILED, "value_would_be_lost")
    assert payment.failure.message == "0.80 EUR of the voucher would be lost"
    assert till.used("V800-ITALY1") == 0


def test_a_voucher_that_is_left_out_for_it_says_why() -> None:
    till = Till()
    held(till, 16_00)

    payment = till.spend("V800-ITALY1", "V800-ITALY2", "V800-ITALY3")

    assert payment.spent == euro(16_00)
    assert [v.code for v in payment.vouchers if v.state is VoucherState.UNUSED] == ["voucher_amount_reached"]
    assert [view["leftOut"] for view in _vouchers(payment)] == [False, False, True]


def _vouchers(payment: Payment) -> list[dict[str, object]]:
    view = shown(payment, full=False)["vouchers"]
    assert isinstance(view, list)
    return view


def test_a_purchase_without_such_a_part_takes_no_vouchers_and_its_card_pays_all() -> None:
    till = Till()
    payment = held(till, 0)

    assert left(payment) == (Decimal("0.00"), Decimal("0.00"))
    with pytest.raises(IllegalTransition) as refused:
        till.spend("V5000-A1")
    assert refused.value.error_code == "voucher_amount_reached"
    with pytest.raises(IllegalTransition) as unseen:
        check_voucher(till.payment, "V5000-A1", world=till.world)
    assert unseen.value.error_code == "voucher_amount_reached"
    assert till.payment.voucher_checks == 0
    assert till.card_only().captured == euro(150_00)


def test_what_is_left_for_vouchers_is_told_with_the_payment() -> None:
    till = Till()

    assert left(held(till, 20_00)) == (Decimal("20.00"), Decimal("20.00"))
    assert left(till.spend("V1500-A1")) == (Decimal("20.00"), Decimal("0.00"))  # it is over


def test_a_sale_by_card_alone_has_nothing_for_vouchers() -> None:
    till = Till()

    assert left(till.open(mode=Mode.SALE_DIRECT)) == (None, Decimal("0.00"))


def test_what_a_voucher_pays_that_nobody_takes_back_is_counted_in_that_part_too() -> None:
    till = Till()
    held(till, 20_00)
    assert till.spend("V1500-NOREVERSE1", "V500-SPENDFAIL1").status is Status.VOUCHER_FAILED
    assert left(till.payment) == (Decimal("20.00"), Decimal("5.00"))

    payment = till.spend("V5000-A1")

    assert (payment.spent, payment.captured, till.used("V5000-A1")) == (euro(20_00), euro(130_00), 5_00)


def test_a_refund_gives_each_its_own_back() -> None:
    till = Till()
    held(till, 20_00)
    till.spend("V5000-A1")

    till.refund(euro(140_00))

    assert (till.payment.given_back["card"], till.used("V5000-A1")) == (130_00, 10_00)


def test_a_capture_that_fails_gives_the_vouchers_back_as_ever() -> None:
    till = Till()
    held(till, 20_00, CAPTURE_FAILS)

    payment = till.spend("V5000-A1")

    assert (payment.status, till.used("V5000-A1")) == (Status.CARD_CAPTURE_FAILED, 0)


def test_every_event_tells_that_part_where_one_was_said_and_no_field_where_none_was() -> None:
    from shared.families.payglobe.notices import flat

    till = Till()
    held(till, 20_00)
    till.spend("V5000-A1")
    other = Till()
    held(other, None)
    other.choose(Tender.CARD_ONLY)

    assert {flat(event).get("maxVoucherAmount") for event in till.world.events.told} == {Decimal("20.00")}
    assert not any("maxVoucherAmount" in flat(event) for event in other.world.events.told)
