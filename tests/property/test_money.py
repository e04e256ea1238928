"""Money is exact: in every currency, through every sum, and over the wire and back."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import InvalidAmount
from shared.domain.money import MAX_MINOR, MOST_DIGITS, Money, exponent_of, total

EXPONENTS = {"EUR": 2, "USD": 2, "CHF": 2, "JPY": 0, "CLP": 0, "KRW": 0, "KWD": 3, "BHD": 3, "TND": 3}
CURRENCIES = st.sampled_from(sorted(EXPONENTS))
MINOR = st.integers(1, MAX_MINOR)


@given(CURRENCIES, MINOR)
def test_amount_is_read_back_from_its_major_units(currency: str, minor: int) -> None:
    money = Money(minor, currency)

    assert Money.parse(money.major, currency) == money
    assert Money.parse(str(money.major), currency) == money


@given(CURRENCIES, MINOR)
def test_major_units_show_all_digits_of_the_currency(currency: str, minor: int) -> None:
    digits = EXPONENTS[currency]

    shown = str(Money(minor, currency).major)

    assert exponent_of(currency) == digits
    assert len(shown.partition(".")[2]) == digits
    assert shown.replace(".", "").lstrip("0") == str(minor)


@given(CURRENCIES, MINOR, st.integers(1, 4))
def test_more_decimals_than_the_currency_has_are_refused_unless_they_are_zeros(
    currency: str, minor: int, more: int
) -> None:
    digits = EXPONENTS[currency]
    finer = Decimal(minor).scaleb(-digits - more)

    if minor % 10**more:
        with pytest.raises(InvalidAmount, match=f"more than {digits} decimals"):
            Money.parse(finer, currency)
    else:
        assert Money.parse(finer, currency).minor == minor // 10**more


@given(CURRENCIES, st.one_of(st.integers(max_value=0), st.integers(min_value=MAX_MINOR + 1, max_value=10**40)))
def test_what_is_not_a_sensible_amount_is_refused(currency: str, minor: int) -> None:
    with pytest.raises(InvalidAmount):
        Money.parse(Decimal(minor).scaleb(-EXPONENTS[currency]), currency)


@given(CURRENCIES, st.integers(0, 10**45), st.integers(0, 45))
def test_an_amount_is_taken_to_the_last_digit_or_not_at_all(currency: str, digits: int, places: int) -> None:
    written = f"{digits:0{places + 1}d}"
    text = f"{written[: len(written) - places]}.{written[len(written) - places :]}" if places else written
    exact = Fraction(digits, 10**places) * 10 ** EXPONENTS[currency]

    for amount in (text, Decimal(text)):
        try:
            assert Money.parse(amount, currency).minor == exact
        except InvalidAmount:
            assert len(written) > MOST_DIGITS or exact.denominator > 1 or not 0 < exact <= MAX_MINOR


@pytest.mark.parametrize("amount", [f"149.{'9' * 27}", f"0.01{'0' * 26}1", f"{'0' * 10}150.{'0' * 20}1"])
def test_digits_beyond_what_decimals_are_computed_with_are_not_rounded_away(amount: str) -> None:
    for given_as in (amount, Decimal(amount)):
        with pytest.raises(InvalidAmount, match="decimals"):
            Money.parse(given_as, "EUR")


@given(CURRENCIES, st.text(max_size=12))
def test_any_text_is_an_amount_or_is_refused(currency: str, text: str) -> None:
    try:
        money = Money.parse(text, currency)
    except InvalidAmount:
        return
    assert Decimal(text) == money.major


@given(CURRENCIES, st.lists(MINOR, max_size=20))
def test_sums_are_exact_in_any_order(currency: str, parts: list[int]) -> None:
    amounts = [Money(part, currency) for part in parts]
    nothing = Money(0, currency)

    assert total(amounts, nothing) == Money(sum(parts), currency) == total(amounts[::-1], nothing)


@given(CURRENCIES, MINOR, MINOR)
def test_difference_is_exact_and_never_negative(currency: str, one: int, other: int) -> None:
    larger, smaller = max(one, other), min(one, other)

    assert Money(larger, currency) - Money(smaller, currency) + Money(smaller, currency) == Money(larger, currency)
    if larger > smaller:
        with pytest.raises(InvalidAmount, match="negative"):
            _ = Money(smaller, currency) - Money(larger, currency)


@given(MINOR, MINOR)
def test_currencies_are_never_mixed(one: int, other: int) -> None:
    for mixed in (Money.__add__, Money.__sub__, Money.__lt__, Money.__le__):
        with pytest.raises(ValueError, match="cannot combine EUR with JPY"):
            mixed(Money(one, "EUR"), Money(other, "JPY"))
