"""Every minute: look after payments nobody else is looking after."""

from __future__ import annotations

from shared import bootstrap
from shared.edge.sweeping import sweeping
from shared.usecases.housekeeping import sweep

handler = sweeping("payments", "payment not looked after", lambda limit: sweep(limit, world=bootstrap.world()))
