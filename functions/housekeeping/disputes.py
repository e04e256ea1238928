"""Every minute: disputes whose time to answer is over, and messages that no payment was found for."""

from __future__ import annotations

from typing import Any, Final

from shared import bootstrap
from shared.edge.observe import count, logger
from shared.usecases.expire_disputes import sweep_disputes

BATCH: Final = 100
MOST_BATCHES: Final = 10


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Returns how many disputes were due and how many raised; those are looked at again a minute later."""
    looked = failures = 0
    for _ in range(MOST_BATCHES):
        found, failed = sweep_disputes(BATCH, world=bootstrap.world(), disputes=bootstrap.disputes())
        looked += found
        failures += len(failed)
        for dispute_id, code in failed:
            logger().warning("dispute not looked after", disputeId=dispute_id, code=code)
        if found < BATCH or failed:
            break
    logger().info("disputes swept", looked=looked, failed=failures)
    if failures:
        count("HousekeepingFailures", failures)
    return {"looked": looked, "failed": failures}
