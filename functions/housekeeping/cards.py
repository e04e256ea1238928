"""Every five minutes: delete tokens of deleted cards at gateways that have not confirmed it yet."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.sweeping import sweeping
from shared.usecases.card.forget_tokens import sweep_discards

handler = sweeping(
    "tokens",
    "token not deleted",
    lambda limit, shift: sweep_discards(
        limit, world=core.world(), cards=core.cards(), vault=core.vault(), shift=shift
    ),
)
