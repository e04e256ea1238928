"""The handler of a schedule that looks after whatever is due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from shared.bootstrap import runtime
from shared.edge.observe import count, logger
from shared.usecases.housekeeping.sweeping import ABREAST, Shift, Swept

BATCH: Final = 100
MOST_BATCHES: Final = 10


def sweeping(
    what: str, trouble: str, sweep: Callable[[int, Shift], Swept]
) -> Callable[[dict[str, Any], object], dict[str, int]]:
    """Sweep batch after batch until less than one is due, the time is over, or something would only be due again.

    ``trouble`` is the warning with which each failure is logged.
    """

    def handler(event: dict[str, Any], context: object) -> dict[str, int]:
        shift, looked, failed, put_off = Shift(runtime.now, ABREAST), 0, 0, 0
        for _ in range(MOST_BATCHES):
            swept = sweep(BATCH, shift)
            looked += swept.looked
            failed += len(swept.failed)
            put_off += swept.put_off
            for name, code in swept.failed:
                logger().warning(trouble, id=name, code=code)
            if swept.looked < BATCH or swept.stuck or shift.is_over:
                break
        logger().info(f"{what} swept", looked=looked, failed=failed, putOff=put_off)
        if failed:
            count("HousekeepingFailures", failed)
        return {"looked": looked, "failed": failed, "putOff": put_off}

    return handler
