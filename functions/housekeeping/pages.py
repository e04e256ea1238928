"""Every quarter of an hour: is what browsers are served what was built?"""

from __future__ import annotations

from typing import Any

from shared.bootstrap import pages
from shared.edge.observe import count, logger
from shared.usecases.housekeeping.compare_pages import compare_pages


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """Names what changed and counts it for the alarm. Raises when the pages cannot be read: nothing was compared."""
    inventory = pages.inventory()
    changed = list(compare_pages(inventory, pages.read(), pages.guest()))
    for each in changed:
        logger().error("page changed", path=each.path, why=each.why)
    count("PagesChanged", len(changed))
    logger().info("pages compared", looked=len(inventory), changed=len(changed))
    return {"looked": len(inventory), "changed": len(changed)}
