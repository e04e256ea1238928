"""Every minute: look after payments nobody else is looking after."""

from __future__ import annotations

from typing import Any, Final

from shared import bootstrap
from shared.edge.observe import count, logger
from shared.usecases.housekeeping import sweep

BATCH: Final = 100
MOST_BATCHES: Final = 10


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Returns how many payments were looked at and how many raised; those are looked at again later."""
    looked = failed = 0
    for _ in range(MOST_BATCHES):
        swept = sweep(BATCH, world=bootstrap.world())
        looked += swept.looked
        failed += len(swept.failed)
        for payment_id, code in swept.failed:
            logger().warning("payment not looked after", paymentId=payment_id, code=code)
        if swept.looked < BATCH or swept.failed:
            break
    logger().info("swept", looked=looked, failed=failed)
    if failed:
        count("HousekeepingFailures", failed)
    return {"looked": looked, "failed": failed}
