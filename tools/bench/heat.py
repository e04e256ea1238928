"""How hot one partition key gets: DynamoDB takes 1,000 write units a second for each, whatever the table takes."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Final

from tools.bench.one_payment import VOUCHERS, a_warm_driver
from tools.ops.onboarding import DEMO_ID

REGION: Final = 100  # payments a second, of all merchants
ONE_MERCHANT: Final = 50
GOAL: Final = 500  # write units a second for one partition key: half of what it takes
Place = tuple[str, str, str]  # table, index or "", partition key


def heat(payments: int) -> dict[Place, float]:
    """Write units a second of each partition key that more than one payment writes, at those rates.

    From that many payments by card and voucher, every event of them delivered. A key with the merchant's id in it
    is written by that merchant's payments alone; one that a single payment writes never gets hot.
    """
    units: Counter[Place] = Counter()
    writers: defaultdict[Place, set[int]] = defaultdict(set)
    with a_warm_driver() as driver:
        for number in range(payments):
            driver.pay(VOUCHERS)
            for _, used in driver.meter.visits:
                units += used.partitions
                for place in used.partitions:
                    writers[place].add(number)
            driver.meter.visits.clear()
    shared = {place: count for place, count in units.items() if len(writers[place]) > 1}
    return {place: count / payments * _rate(place[2]) for place, count in shared.items()}


def _rate(key: str) -> int:
    return ONE_MERCHANT if DEMO_ID in key else REGION
