"""How a webhook endpoint is changed: its settings by its merchant, its health by what deliveries came to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shared.domain.merchant import Endpoint
from shared.ports.webhooks import WebhookWorld
from shared.usecases.contended import Overtaken, stored, until_written


def change_endpoint(
    endpoint: Endpoint, decide: Callable[[Endpoint, datetime], Endpoint], *, world: WebhookWorld
) -> Endpoint:
    """Write what ``decide`` makes of the endpoint, if that is anything else; again on the newer one if overtaken.

    Raises NotFound when it was deleted meanwhile, StaleWrite after too many lost races.
    """

    def write(current: Endpoint) -> Endpoint | Overtaken[Endpoint]:
        changed = decide(current, world.now())
        return current if changed == current else stored(changed, world.merchants.save_endpoint(changed))

    return until_written(endpoint, write, what="the endpoint", pause=world.pause)
