"""End a checkout from outside: the customer gives up, or its link was cancelled or has expired."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain.errors import IllegalTransition
from shared.domain.payment import AWAITING_CARD, AWAITING_CHOICE, Ending, Failure, Mode, Payment
from shared.ports.world import World
from shared.usecases.flow.close_checkout import close_checkout
from shared.usecases.payment.changing import Decision, change, wake


def cancel_checkout(payment: Payment, *, world: World) -> Payment:
    """The customer gives up. Safe to repeat. Raises IllegalTransition for a payment that is under way or over."""
    if payment.mode is Mode.ALTERNATIVE:
        from shared.usecases.method.end_method import cancel_method  # a card's end never loads it

        return cancel_method(payment, world=world)
    payment = end_checkout(payment, Ending.CANCELLED, Failure("cancelled", "The customer cancelled"), world=world)
    if payment.ending is not Ending.CANCELLED:
        raise IllegalTransition(f"a payment in status {payment.status} cannot be cancelled any more")
    return payment


def end_checkout(payment: Payment, ending: Ending, failure: Failure, *, world: World) -> Payment:
    """Let the payment succeed no more, unless its choice was made already; the machine then releases the hold.

    One conditional write: whoever records a card or a choice at the same moment comes before it or not at all.
    Safe to repeat; a payment that is under way or over is returned as it is.
    """

    def decide(current: Payment, now: datetime) -> Decision | None:
        if not _waits(current) or current.ending is not None:
            return None
        return Decision(replace(current, ending=ending, failure=failure))

    payment = change(payment, decide, world=world)
    if not _waits(payment):
        return payment
    if payment.mode.has_flow:
        wake(payment, world=world)
        return payment
    close_checkout(payment.id, world=world)
    return world.payments.get(payment.id)


def _waits(payment: Payment) -> bool:
    return payment.status in AWAITING_CARD or payment.status in AWAITING_CHOICE
