"""States ``AwaitPreauth`` and ``AwaitTenderChoice``: keep the task token, or answer at once."""

from __future__ import annotations

from shared.domain.course import wake_word
from shared.domain.errors import TokenGone
from shared.domain.ids import PaymentId
from shared.domain.payment import Wait
from shared.ports.world import World


def park(payment_id: PaymentId, wait: Wait, token: str, *, world: World) -> None:
    """One conditional write keeps the token. If what is waited for is there already, wake at once."""
    payment = world.payments.park(payment_id, wait, token, world.now())
    if payment is None:
        return
    word = wake_word(payment, wait, world.now()) or "close"
    try:
        world.flow.wake(token, word)
    except TokenGone:
        return
