"""Ask now about every operation of a payment whose answer is missing, whoever's turn it would be later."""

from __future__ import annotations

from typing import Final

from shared.domain.course import KIND_OF_STEP
from shared.domain.payment import Mode, Payment
from shared.ports.world import World
from shared.usecases.card.charge_card import resolve_charge
from shared.usecases.housekeeping.carry_on import STEPS
from shared.usecases.method.look_after_method import look_after_method
from shared.usecases.payment.record_card_outcome import record_card_outcome, settle_authorisation
from shared.usecases.payment.release_late import release_late
from shared.usecases.payment.settle_provisional import settle_provisional
from shared.usecases.refund.refund_payment import settle_refunds

# The step that wrote an operation of this kind; made again, it asks what became of it.
_STEP_OF: Final = {kind: STEPS[word] for word, kind in KIND_OF_STEP.items()}


def ask_open(payment: Payment, *, world: World) -> Payment:
    """The payment with every answer there is by now: of its card page, its steps, its refunds.

    What never arrived is sent again under its key, as its step would; what another call may be sending at this
    moment is left to it. Safe at any time, beside the machine and housekeeping, and to repeat.
    """
    if payment.mode is Mode.ALTERNATIVE:
        return settle_refunds(look_after_method(payment, world=world), world=world)
    payment = record_card_outcome(payment.id, world=world, known=payment)
    payment = settle_authorisation(payment, world=world)
    payment = release_late(payment, world=world, ask_first=True)
    payment = settle_provisional(resolve_charge(payment, world=world), world=world)
    for kind in dict.fromkeys(operation.kind for operation in payment.open_operations()):
        if kind in _STEP_OF:
            _STEP_OF[kind](payment.id, world=world)
            payment = world.payments.get(payment.id)
    return settle_refunds(payment, world=world)
