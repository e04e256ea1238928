"""Every five minutes: delete tokens of deleted cards at gateways that have not confirmed it yet."""

from __future__ import annotations

from typing import Any, Final

from shared import bootstrap
from shared.edge.observe import count, logger
from shared.usecases.forget_tokens import sweep_discards

BATCH: Final = 100


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Returns how many deletions were tried and how many are still not confirmed; those are tried again later."""
    looked, failed = sweep_discards(BATCH, world=bootstrap.world(), cards=bootstrap.cards(), vault=bootstrap.vault())
    for discard_id, reason in failed:
        logger().warning("token not deleted", discardId=discard_id, code=reason)
    logger().info("tokens swept", looked=looked, failed=len(failed))
    if failed:
        count("HousekeepingFailures", len(failed))
    return {"looked": looked, "failed": len(failed)}
