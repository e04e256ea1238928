"""Every five minutes: delete tokens of deleted cards at gateways that have not confirmed it yet."""

from __future__ import annotations

from shared import bootstrap
from shared.edge.sweeping import sweeping
from shared.usecases.forget_tokens import sweep_discards

handler = sweeping(
    "tokens",
    "token not deleted",
    lambda limit: sweep_discards(limit, world=bootstrap.world(), cards=bootstrap.cards(), vault=bootstrap.vault()),
)
