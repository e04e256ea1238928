"""Card numbers in free text are found however they are written, and other numbers are left alone."""

from __future__ import annotations

import pytest

from shared.domain.card_number import holds_card_number, masked, may_hold_card_number

VISA = "4242424242424242"
WRITTEN = (
    (VISA, "************4242"),
    ("4242 4242 4242 4242", "**** **** **** 4242"),
    ("4242-4242-4242-4242", "****-****-****-4242"),
    ("4242.4242.4242.4242", "****.****.****.4242"),
    ("4242\u00a04242\u00a04242\u00a04242", "****\u00a0****\u00a0****\u00a04242"),
    ("3782 822463 10005", "**** ****** *0005"),
    ("Ada Rossi 5555555555554444", "Ada Rossi ************4444"),
    ("card:4242424242424242!", "card:************4242!"),
    ("4242424242424242 12/30 123", "************4242 12/30 123"),
    ("４２４２４２４２４２４２４２４２", "************４２４２"),
    ("4242424242424242 5555555555554444", "************4242 ************4444"),
    ("4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2", "* * * * * * * * * * * * 4 2 4 2"),
    ("6304000000000000", "************0000"),
    ("4000056655665556123 4222222222222", "4000056655665556123 *********2222"),
)
LEFT_ALONE = (
    "",
    "Order 12345",
    "Ada Rossi",
    "4242424242424243",  # a digit off
    "1699999999999",  # milliseconds of a clock
    "1731000000123 1731000000131",
    "2025-11-07 10:00:00 150.00",
    "+39 333 1234567",
    "IT60X0542811101000000123456",
    "00000000000000000000",
    "150.00, 12.50, 33.10, 44.20, 18.00",
    "TXN_20251107_AAAAAAAAAAAAAAAA",
    "4242 4242 4242",
)


@pytest.mark.parametrize(("text", "left"), WRITTEN)
def test_all_but_the_last_four_digits_of_a_card_number_are_masked(text: str, left: str) -> None:
    assert masked(text) == left
    assert may_hold_card_number(text)
    assert masked(left) == left


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_other_numbers_are_left_as_they_are(text: str) -> None:
    assert masked(text) == text
    assert not may_hold_card_number(text)


@pytest.mark.parametrize(
    "number",
    [
        VISA,
        "5555555555554444",
        "2223003122003222",
        "378282246310005",
        "30569309025904",
        "6011111111111117",
        "3566002020360505",
        "6200000000000005",
    ],
)
def test_what_card_schemes_issue_is_told_from_other_long_numbers(number: str) -> None:
    assert holds_card_number(f"https://shop.example/?card={number}")


@pytest.mark.parametrize("number", ["9000000000000001", "7000000000000003", "4915123456784", "6304000000000000"])
def test_a_number_of_no_scheme_may_be_something_else(number: str) -> None:
    assert not holds_card_number(number)


def test_long_texts_take_no_time() -> None:
    assert not may_hold_card_number("1 " * 5_000)
    assert masked("4242424242424242 " * 500).count("4242") == 500
