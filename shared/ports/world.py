"""Everything a use case may touch, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from shared.domain.ids import EventId
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from shared.ports.connectors import Gateways
    from shared.ports.flow import Flow
    from shared.ports.merchants import Merchants
    from shared.ports.messages import Messenger
    from shared.ports.payments import Payments


Clock = Callable[[], datetime]  # aware UTC


Entropy = Callable[[int], bytes]  # that many unguessable bytes


EventIds = Callable[[datetime, bytes, str], EventId]  # of a moment, of entropy, and of what the event is about


@dataclass(frozen=True, slots=True)
class World:
    """Everything a use case may touch, put together once in ``bootstrap``."""

    payments: Payments
    merchants: Merchants
    gateways: Gateways
    flow: Flow
    messenger: Messenger
    now: Clock
    entropy: Entropy
    checkout_seconds: int
    pause: Callable[[int], None]  # between tries of a contended write; the argument counts them from 0
    event_id: EventIds
