"""No partition key is written faster than DynamoDB takes it, at the rates that docs/scaling.md promises."""

from __future__ import annotations

from tools.bench.heat import GOAL, heat

# Enough that chance does not make one of eight partitions look hot.
PAYMENTS = 40


def test_at_a_hundred_payments_a_second_and_fifty_of_one_merchant_no_partition_key_is_hot() -> None:
    measured = heat(PAYMENTS)

    assert len(measured) > 3
    assert {place: rate for place, rate in measured.items() if rate > GOAL} == {}
