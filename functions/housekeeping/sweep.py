"""Every minute: look after payments nobody else is looking after."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.sweeping import sweeping
from shared.usecases.housekeeping.look_after_payments import sweep

handler = sweeping(
    "payments", "payment not looked after", lambda limit, shift: sweep(limit, world=core.world(), shift=shift)
)
