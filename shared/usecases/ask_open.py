"""Ask now about every operation of a payment whose answer is missing, whoever's turn it would be later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shared.domain.operation import Kind
from shared.domain.payment import Payment
from shared.ports.world import World
from shared.usecases.capture_card import capture_card
from shared.usecases.charge_card import resolve_charge
from shared.usecases.notify_vouchers import notify_vouchers
from shared.usecases.operating import Step
from shared.usecases.record_card_outcome import record_card_outcome
from shared.usecases.refund_payment import settle_refunds
from shared.usecases.release_late import release_late
from shared.usecases.restore_vouchers import restore_vouchers
from shared.usecases.spend_vouchers import spend_vouchers
from shared.usecases.validate_vouchers import validate_vouchers
from shared.usecases.void_card import void_card

# The step that wrote an operation of this kind; made again, it asks what became of it.
_STEP_OF: Final[dict[Kind, Callable[..., Step]]] = {
    Kind.VOUCHER_VALIDATE: validate_vouchers,
    Kind.VOUCHER_SPEND: spend_vouchers,
    Kind.VOUCHER_NOTIFY: notify_vouchers,
    Kind.VOUCHER_REVERSE: restore_vouchers,
    Kind.CAPTURE: capture_card,
    Kind.VOID: void_card,
}


def ask_open(payment: Payment, *, world: World) -> Payment:
    """The payment with every answer there is by now: of its card page, its steps, its refunds.

    What never arrived is sent again under its key, as its step would; what another call may be sending at this
    moment is left to it. Safe at any time, beside the machine and housekeeping, and to repeat.
    """
    payment = record_card_outcome(payment.id, world=world, known=payment)
    payment = release_late(payment, world=world, ask_first=True)
    payment = resolve_charge(payment, world=world)
    for kind in dict.fromkeys(operation.kind for operation in payment.open_operations()):
        if kind in _STEP_OF:
            _STEP_OF[kind](payment.id, world=world)
            payment = world.payments.get(payment.id)
    return settle_refunds(payment, world=world)
