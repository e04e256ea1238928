"""The handler of a schedule that looks after whatever is due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from shared.edge.observe import count, logger
from shared.usecases.housekeeping.sweeping import Swept

BATCH: Final = 100
MOST_BATCHES: Final = 10


def sweeping(
    what: str, trouble: str, sweep: Callable[[int], Swept]
) -> Callable[[dict[str, Any], object], dict[str, int]]:
    """Sweep batch after batch until less than one is due or something raised; that is looked at again later.

    ``trouble`` is the warning with which each failure is logged.
    """

    def handler(event: dict[str, Any], context: object) -> dict[str, int]:
        looked = failed = 0
        for _ in range(MOST_BATCHES):
            swept = sweep(BATCH)
            looked += swept.looked
            failed += len(swept.failed)
            for name, code in swept.failed:
                logger().warning(trouble, id=name, code=code)
            if swept.looked < BATCH or swept.failed:
                break
        logger().info(f"{what} swept", looked=looked, failed=failed)
        if failed:
            count("HousekeepingFailures", failed)
        return {"looked": looked, "failed": failed}

    return handler
