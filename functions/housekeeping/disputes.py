"""Every minute: disputes whose time to answer is over, answers on their way, messages without a payment."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.sweeping import sweeping
from shared.usecases.dispute.expire_disputes import sweep_disputes

handler = sweeping(
    "disputes",
    "dispute not looked after",
    lambda limit, shift: sweep_disputes(
        limit,
        world=core.world(),
        disputes=core.disputes(),
        desks=core.dispute_desks(),
        files=core.evidence(),
        shift=shift,
    ),
)
