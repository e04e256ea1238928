"""What the law says, as cases from its text; and the set of vouchers that pays most and loses nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.money import Money
from shared.domain.voucher import Voucher, VoucherKind, VoucherState
from shared.domain.voucher_plan import Fit, best_fit, is_whole
from shared.domain.voucher_rules import ProductRule, rule_of
from tools.testing.builders import euro

TODAY = date(2026, 11, 22)
SINGLE, DAILY, CUMULATIVE = VoucherKind.SINGLE, VoucherKind.DAILY, VoucherKind.CUMULATIVE


def voucher(
    name: str,
    cents: int,
    country: str = "IT",
    kind: VoucherKind | None = SINGLE,
    divisible: bool = False,
    most: int = 0,
) -> Voucher:
    made = Voucher(name, 1, f"CODE-{name}", VoucherState.VALID, euro(0), euro(cents), provider="issuer")
    return replace(made, country=country, kind=kind, divisible=divisible, most=most)


def eights(many: int, country: str = "IT", kind: VoucherKind | None = SINGLE) -> list[Voucher]:
    return [voucher(f"V{n}", 8_00, country, kind) for n in range(1, many + 1)]


def paid_by(fit: Fit) -> list[str]:
    return sorted(fit.spends)


# ---- the law ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "day", "most", "a_day", "products", "law"),
    [
        # DM 122/2017 is in force from 9 September 2017; until then vouchers could not be put together at all.
        ("IT", date(2017, 9, 8), 1, None, ProductRule.FOOD, "DPR 207/2010"),
        ("IT", date(2017, 9, 9), 8, None, ProductRule.FOOD, "DM 122/2017"),
        ("IT", TODAY, 8, None, ProductRule.FOOD, "DM 122/2017"),
        # Art. R3262-10: nineteen euros a day until 30 September 2022, twenty-five since.
        ("FR", date(2022, 9, 30), None, 19_00, ProductRule.FOOD, "R3262-10"),
        ("FR", date(2022, 10, 1), None, 25_00, ProductRule.FOOD, "R3262-10"),
        # Any food from 18 August 2022 and, prolonged twice, until the end of 2026; else what is ready to eat. The
        # second time came too late: from 1 to 22 January 2025 nothing prolonged it.
        ("FR", date(2022, 8, 17), None, 19_00, ProductRule.READY_TO_EAT, "R3262-10"),
        ("FR", date(2022, 8, 18), None, 19_00, ProductRule.FOOD, "2022-1158"),
        ("FR", date(2024, 12, 31), None, 25_00, ProductRule.FOOD, "2022-1158"),
        ("FR", date(2025, 1, 1), None, 25_00, ProductRule.READY_TO_EAT, "L3262-1"),
        ("FR", date(2025, 1, 22), None, 25_00, ProductRule.READY_TO_EAT, "L3262-1"),
        ("FR", date(2025, 1, 23), None, 25_00, ProductRule.FOOD, "2022-1158"),
        ("FR", date(2026, 12, 31), None, 25_00, ProductRule.FOOD, "2022-1158"),
        ("FR", date(2027, 1, 1), None, 25_00, ProductRule.READY_TO_EAT, "R3262-10"),
        # A meal, or food that is ready to be consumed; of how many at once the decree says nothing.
        ("BE", TODAY, None, None, ProductRule.READY_TO_EAT, "19bis"),
    ],
)
def test_the_rule_of_a_day(
    country: str, day: date, most: int | None, a_day: int | None, products: ProductRule, law: str
) -> None:
    rule = rule_of(country, day)

    assert rule is not None
    assert (rule.most, rule.most_a_day, rule.products) == (most, a_day, products)
    assert law in rule.law


def test_a_country_without_rules_and_a_day_before_the_first_have_none() -> None:
    assert rule_of("XX", TODAY) is None
    assert rule_of("IT", date(2000, 1, 1)) is None


@pytest.mark.parametrize(
    ("country", "kind", "divisible", "whole"),
    [
        ("IT", SINGLE, True, True),  # "esclusivamente per l'intero valore facciale", whatever the issuer says
        ("IT", DAILY, True, True),
        ("IT", CUMULATIVE, True, False),  # several vouchers under one code
        ("IT", CUMULATIVE, False, True),
        ("FR", SINGLE, False, False),  # an electronic one is debited the exact sum
        ("BE", SINGLE, False, True),
        ("", None, True, False),
    ],
)
def test_what_is_used_whole(country: str, kind: VoucherKind | None, divisible: bool, whole: bool) -> None:
    assert is_whole(voucher("V1", 8_00, country, kind, divisible), TODAY) is whole


# ---- the set that fits --------------------------------------------------------------------------------


def test_eighty_cents_of_a_voucher_are_not_lost_unless_that_is_accepted() -> None:
    fit = best_fit(eights(1), euro(7_20), TODAY)

    assert (fit.spends, fit.paid, fit.lost) == ({}, euro(0), euro(0))
    assert (fit.left_out["V1"].code, fit.left_out["V1"].text) == (
        "value_would_be_lost",
        "0.80 EUR of the voucher would be lost",
    )
    accepted = best_fit(eights(1), euro(7_20), TODAY, accepts_loss=True)
    assert (accepted.spends, accepted.lost) == ({"V1": euro(7_20)}, euro(80))


def test_as_many_as_fit_are_used_and_the_rest_is_told_why() -> None:
    fit = best_fit(eights(3), euro(20_00), TODAY)

    assert (fit.spends, fit.paid) == ({"V1": euro(8_00), "V2": euro(8_00)}, euro(16_00))
    assert fit.left_out["V3"].text == "4.00 EUR of the voucher would be lost"


def test_the_set_that_pays_most_is_not_the_first_that_fits() -> None:
    sevens_and_five = [voucher("A", 7_00), voucher("B", 5_00), voucher("C", 5_00)]

    assert paid_by(best_fit(sevens_and_five, euro(10_00), TODAY)) == ["B", "C"]


def test_what_can_be_divided_fills_what_whole_ones_leave() -> None:
    some = [voucher("card", 50_00, kind=CUMULATIVE, divisible=True), voucher("ticket", 8_00)]

    fit = best_fit(some, euro(20_00), TODAY)

    assert fit.paid == euro(20_00)
    assert fit.lost == euro(0)


def test_of_two_sets_that_pay_the_same_the_smaller_one_is_used() -> None:
    some = [voucher("A", 4_00), voucher("B", 4_00), voucher("C", 8_00)]

    assert paid_by(best_fit(some, euro(8_00), TODAY)) == ["C"]


def test_a_loss_that_is_accepted_is_as_small_as_can_be() -> None:
    some = [voucher("A", 8_00), voucher("B", 5_00)]

    fit = best_fit(some, euro(4_00), TODAY, accepts_loss=True)

    assert (fit.spends, fit.lost) == ({"B": euro(4_00)}, euro(1_00))
    assert fit.left_out["A"].code == "nothing_left_to_pay"


def test_eight_vouchers_are_used_and_a_ninth_is_not_whoever_spent_the_others_before() -> None:
    before = [replace(each, spend=euro(8_00), state=VoucherState.SPENT) for each in eights(6)]
    three = [voucher(name, 8_00) for name in ("A", "B", "C")]

    fit = best_fit(three, euro(100_00), TODAY, before=before)

    assert paid_by(fit) == ["A", "B"]
    assert (fit.left_out["C"].code, fit.left_out["C"].text) == (
        "too_many_vouchers",
        "At most 8 such vouchers are taken in one purchase (DM 122/2017, art. 4)",
    )


def test_on_the_day_before_the_decree_one_voucher_is_used() -> None:
    assert len(best_fit(eights(3), euro(100_00), date(2017, 9, 8)).spends) == 1


def test_french_vouchers_pay_to_the_cent_and_no_more_than_their_day_allows() -> None:
    some = [voucher("A", 20_00, "FR"), voucher("B", 20_00, "FR"), voucher("C", 8_00, "IT")]

    fit = best_fit(some, euro(60_00), TODAY)

    assert fit.paid == euro(33_00)
    assert sum(fit.spends[name].minor for name in ("A", "B")) == 25_00
    third = best_fit([voucher("D", 5_00, "FR")], euro(60_00), TODAY, before=[replace(some[0], spend=euro(25_00))])
    assert (third.spends, third.left_out["D"].code) == ({}, "voucher_limit_reached")


def test_an_issuers_own_maximum_holds_for_its_own_vouchers() -> None:
    some = [replace(each, most=2) for each in eights(3)] + [replace(voucher("other", 8_00), provider="another")]

    fit = best_fit(some, euro(100_00), TODAY)

    assert (len(fit.spends), fit.paid) == (3, euro(24_00))
    assert "other" in fit.spends


def test_vouchers_of_all_issuers_together_pay_no_more_than_the_part_that_is_for_them() -> None:
    some = [replace(voucher("A", 8_00), provider="one"), replace(voucher("B", 8_00), provider="two")]
    some.append(voucher("C", 30_00, "", CUMULATIVE, divisible=True))

    fit = best_fit(some, euro(50_00), TODAY, most=euro(20_00))

    assert (fit.paid, fit.lost) == (euro(20_00), euro(0))


def test_a_whole_voucher_that_is_worth_more_than_that_part_is_left_out_though_the_card_owes_more() -> None:
    fit = best_fit(eights(2), euro(50_00), TODAY, most=euro(10_00))

    assert fit.paid == euro(8_00)
    assert fit.left_out["V2"].text == "6.00 EUR of the voucher would be lost"


def test_a_voucher_for_which_that_part_has_no_room_is_told_so_and_not_that_nothing_is_left() -> None:
    fit = best_fit(eights(3), euro(50_00), TODAY, most=euro(16_00))

    assert fit.paid == euro(16_00)
    assert (fit.left_out["V3"].code, fit.left_out["V3"].text) == (
        "voucher_amount_reached",
        "Vouchers pay no more of this purchase",
    )
    assert best_fit(eights(3), euro(16_00), TODAY, most=euro(16_00)).left_out["V3"].code == "nothing_left_to_pay"


def test_of_nothing_that_is_for_them_vouchers_pay_nothing() -> None:
    fit = best_fit(eights(1), euro(50_00), TODAY, most=euro(0), accepts_loss=True)

    assert (fit.spends, fit.left_out["V1"].code) == ({}, "voucher_amount_reached")


# ---- for every set ------------------------------------------------------------------------------------

kinds = st.sampled_from([SINGLE, DAILY, CUMULATIVE, None])
drawn = st.builds(
    lambda cents, country, kind, divisible, most: voucher("?", cents, country, kind, divisible, most),
    st.integers(1, 30_00),
    st.sampled_from(["IT", "FR", "BE", ""]),
    kinds,
    st.booleans(),
    st.sampled_from([0, 0, 2]),
)
chosen = st.lists(drawn, min_size=1, max_size=5).map(
    lambda some: [replace(each, reference=f"V{n}") for n, each in enumerate(some)]
)


@given(chosen, st.integers(1, 60_00), st.none() | st.integers(0, 60_00), st.booleans())
def test_every_plan_keeps_the_rules_and_tells_of_each_voucher(
    some: list[Voucher], cents: int, most: int | None, accepts: bool
) -> None:
    fit = best_fit(some, euro(cents), TODAY, most=None if most is None else euro(most), accepts_loss=accepts)
    by_name = {each.reference: each for each in some}

    assert fit.paid.minor == sum(amount.minor for amount in fit.spends.values()) <= cents
    assert most is None or fit.paid.minor <= most
    assert fit.spends.keys() | fit.left_out.keys() == by_name.keys()
    assert not fit.spends.keys() & fit.left_out.keys()
    assert all(0 < amount.minor <= by_name[name].value.minor for name, amount in fit.spends.items())
    assert accepts or not fit.lost
    assert sum(by_name[name].country == "IT" for name in fit.spends) <= 8
    assert sum(amount.minor for name, amount in fit.spends.items() if by_name[name].country == "FR") <= 25_00
    whole = [name for name in fit.spends if is_whole(by_name[name], TODAY)]
    assert fit.lost.minor == sum(by_name[name].value.minor - fit.spends[name].minor for name in whole)


@given(chosen, st.integers(1, 60_00))
def test_no_set_that_loses_nothing_pays_more(some: list[Voucher], cents: int) -> None:
    fit = best_fit(some, euro(cents), TODAY)

    for many in range(1, len(some) + 1):
        for others in combinations(some, many):
            assert without_loss(others, cents) <= fit.paid.minor


def without_loss(some: tuple[Voucher, ...], cents: int) -> int:
    """What exactly these could pay without loss and within the rules; 0 when they cannot. Counted another way."""
    if any(each.most and len(some) > each.most for each in some):
        return 0  # all of one issuer here
    whole = sum(each.value.minor for each in some if is_whole(each, TODAY))
    if whole > cents:
        return 0
    french = min(sum(each.value.minor for each in some if each.country == "FR"), 25_00)
    others = [each for each in some if each.country != "FR" and not is_whole(each, TODAY)]
    return min(cents, whole + french + sum(each.value.minor for each in others))


def test_other_currencies_know_no_limit_in_euro() -> None:
    some = [replace(voucher("A", 1, "FR"), value=Money(50_00, "CHF"), spend=Money(0, "CHF"))]

    assert best_fit(some, Money(40_00, "CHF"), TODAY).paid == Money(40_00, "CHF")
