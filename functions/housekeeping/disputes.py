"""Every minute: disputes whose time to answer is over, and messages that no payment was found for."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.sweeping import sweeping
from shared.usecases.dispute.expire_disputes import sweep_disputes

handler = sweeping(
    "disputes",
    "dispute not looked after",
    lambda limit, shift: sweep_disputes(limit, world=core.world(), disputes=core.disputes(), shift=shift),
)
