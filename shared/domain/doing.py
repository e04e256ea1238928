"""One thing that a person asked for in the dashboard, or a key where nothing else would tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shared.domain.ids import MerchantId
from shared.domain.mode import Environment
from shared.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class Doing:
    """Written before it is done, so that it may also have been refused. ``named`` are the ids in its address."""

    merchant_id: MerchantId
    environment: Environment
    at: datetime
    who: str
    method: str
    route: str
    named: Mapping[str, str]
    request_id: str
