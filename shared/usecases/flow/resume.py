"""State ``Resume``: send a machine that knows nothing to where its payment stands."""

from __future__ import annotations

from shared.domain.course import where
from shared.domain.ids import PaymentId
from shared.ports.world import World
from shared.usecases.payment.operating import Step


def resume(payment_id: PaymentId, *, world: World) -> Step:
    """Words: await_preauth, await_choice, validate, spend, notify, restore, capture, void, close, done."""
    return Step(where(world.payments.get(payment_id)))
