"""Make the steps of a payment that no machine makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shared.domain.course import next_step
from shared.domain.payment import Payment
from shared.ports.world import World
from shared.usecases.flow.capture_card import capture_card
from shared.usecases.flow.close_checkout import close_checkout
from shared.usecases.flow.notify_vouchers import notify_vouchers
from shared.usecases.flow.restore_vouchers import restore_vouchers
from shared.usecases.flow.spend_vouchers import spend_vouchers
from shared.usecases.flow.validate_vouchers import validate_vouchers
from shared.usecases.flow.void_card import void_card
from shared.usecases.payment.operating import Step

STEPS: Final[dict[str, Callable[..., Step]]] = {
    "close": close_checkout,
    "validate": validate_vouchers,
    "spend": spend_vouchers,
    "notify": notify_vouchers,
    "restore": restore_vouchers,
    "capture": capture_card,
    "void": void_card,
}
MOST_STEPS: Final = len(STEPS)  # no payment needs each of them, and none of them twice


def carry_on(payment: Payment, *, world: World) -> Payment:
    """Make step after step until the payment is done, waits for somebody, or a step does not come to an end.

    The steps are those of the state machine, each safe beside a machine that makes the same one.
    """
    for _ in range(MOST_STEPS):
        word = next_step(payment, world.now())
        if word is None:
            break
        step = STEPS[word](payment.id, world=world)
        payment = world.payments.get(payment.id)
        if step.word == "unknown":
            break
    return payment
