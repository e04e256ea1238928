"""Every minute: remind of payment links and mark those whose time is up."""

from __future__ import annotations

from typing import Any, Final

from shared import bootstrap
from shared.edge.observe import count, logger
from shared.usecases.look_after_links import sweep_links

BATCH: Final = 100
MOST_BATCHES: Final = 10


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Returns how many links were looked at and how many raised; those are looked at again a minute later."""
    looked = failures = 0
    for _ in range(MOST_BATCHES):
        found, failed = sweep_links(BATCH, world=bootstrap.world(), links=bootstrap.links())
        looked += found
        failures += len(failed)
        for link_id, code in failed:
            logger().warning("link not looked after", linkId=link_id, code=code)
        if found < BATCH or failed:
            break
    logger().info("links swept", looked=looked, failed=failures)
    if failures:
        count("HousekeepingFailures", failures)
    return {"looked": looked, "failed": failures}
