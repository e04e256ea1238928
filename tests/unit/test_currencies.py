"""The currencies and their digits are those that ISO publishes."""

from __future__ import annotations

from iso4217 import Currency

from shared.domain.currencies import DIGITS, UNCHARGEABLE


def test_every_published_currency_has_the_digits_that_are_published() -> None:
    assert {each.value: each.exponent for each in Currency if each.exponent is not None} == DIGITS


def test_what_is_published_without_digits_is_charged_by_nobody() -> None:
    assert {each.value for each in Currency if each.exponent is None} == UNCHARGEABLE
