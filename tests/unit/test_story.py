"""What whoever is on duty reads of a payment names who moved its money."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from shared.domain.ids import RefundId
from shared.domain.refund import Refund
from tools.ops.story import of_payment, of_refunds
from tools.testing.builders import a_payment, euro

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_refund_names_who_asked_for_it() -> None:
    refund = Refund(RefundId("ref_1"), 1, euro(10_00), "Damaged", (), NOON, by="person ada@shop.example")

    (asked,) = of_refunds([refund])

    assert asked.told == "10.00 EUR Damaged, asked for by person ada@shop.example"


def test_a_refund_that_nobody_asked_for_names_nobody() -> None:
    refund = Refund(RefundId("ref_1"), 1, euro(10_00), "", (), NOON)

    (begun,) = of_refunds([refund])

    assert begun.told == "10.00 EUR"


def test_a_payment_names_who_captured_or_released_its_hold() -> None:
    payment = replace(a_payment(), settled_by="key 0c4c714f")

    *_, standing = of_payment(payment, NOON)

    assert "settled by key 0c4c714f" in standing.told
