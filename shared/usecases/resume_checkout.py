"""Let a customer's page go on where the payment stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain import ids
from shared.domain.payment import Payment
from shared.ports.world import World
from shared.usecases.changing import Decision, change

MOST_SECRETS: Final = 10


def resume_checkout(payment: Payment, *, world: World) -> tuple[Payment, str]:
    """Mint a client secret for a page that resumes. The oldest stops working after the tenth."""
    secret = ids.client_secret(payment.id, world.entropy(20))

    def mint(current: Payment, now: datetime) -> Decision:
        kept = (*current.client_secrets, ids.fingerprint(secret))[-MOST_SECRETS:]
        return Decision(replace(current, client_secrets=kept))

    return change(payment, mint, world=world), secret
