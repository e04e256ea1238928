"""What is exported opens as what it is: amounts are numbers, and nothing is a formula."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from shared.domain.card import Card
from shared.domain.operation import Kind
from shared.families.payglobe.sheets import payments_sheet
from tools.testing.builders import a_payment, an_operation, euro


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_payment_is_a_row_of_plain_decimals() -> None:
    payment = a_payment(
        amount=euro(1_234_50), description='Lunch, "six"\nat noon', card=Card("VISA", "4242", "12/30"), refunded=5
    )

    (row,) = read(payments_sheet([payment], headed=True))

    assert (row["transactionId"], row["amount"], row["refunded"], row["currency"]) == (
        payment.id,
        "1234.50",
        "0.05",
        "EUR",
    )
    assert (row["description"], row["cardLast4"], row["completedAt"]) == ('Lunch, "six"\nat noon', "4242", "")


def test_what_a_bank_sent_back_of_an_accepted_charge_stands_beside_what_was_charged() -> None:
    held, capture = (an_operation(a_payment(), kind) for kind in (Kind.PREAUTH, Kind.CAPTURE))
    gone = replace(capture, key=f"{capture.key}:returned", kind=Kind.REFUND)

    (row,) = read(payments_sheet([a_payment(operations=(held, capture, gone))], headed=True))

    assert (row["card"], row["refunded"], row["returned"]) == ("150.00", "0.00", "150.00")


@pytest.mark.parametrize("text", ["=1+1", "+39 333", "-2", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1+1"])
def test_nothing_that_somebody_typed_is_a_formula(text: str) -> None:
    (row,) = read(payments_sheet([a_payment(description=text)], headed=True))

    assert row["description"] == f"'{text}"


def test_a_later_part_has_no_head() -> None:
    assert payments_sheet([], headed=False) == ""
    assert payments_sheet([], headed=True).startswith("transactionId,createdAt,")
