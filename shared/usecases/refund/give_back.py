"""Give back in full what nobody was to pay any more, until it is back or the other side refuses."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from shared.domain.attention import flagged
from shared.domain.course import owes
from shared.domain.errors import Conflict, IllegalTransition, InvalidAmount, Refused, VoucherNotDivisible
from shared.domain.payment import Payment
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, change
from shared.usecases.payment.release_late import LATE_PAYMENT_NOT_REFUNDED
from shared.usecases.refund.refund_payment import refund_payment


def send_back(payment: Payment, reason: str, *, world: World) -> Payment:
    """Write down that all of ``payment`` is to go back, then begin. Safe to repeat; housekeeping goes on with it."""

    def decide(current: Payment, now: datetime) -> Decision | None:
        return None if current.unwanted else Decision(replace(current, unwanted=reason))

    return give_back(change(payment, decide, world=world), world=world)


def give_back(payment: Payment, *, world: World) -> Payment:
    """Refund what is left of an unwanted payment, one refund at a time; a refusal is shown as ``attention``."""
    if not owes(payment):
        return payment
    # Whoever begins the next refund begins the same one.
    seed = hashlib.sha512(f"{payment.id}|unwanted|{payment.refund_count}".encode()).digest()
    try:
        payment, _ = refund_payment(payment.id, None, payment.unwanted or "", world=world, seed=seed, repeated=True)
    except (Refused, VoucherNotDivisible):
        return change(payment, _flagged, world=world)
    except (Conflict, IllegalTransition, InvalidAmount):
        return payment  # somebody else refunds it at this moment; if that fails, it is looked at again
    return payment


def _flagged(payment: Payment, now: datetime) -> Decision | None:
    shown = flagged(payment, LATE_PAYMENT_NOT_REFUNDED)
    return None if shown == payment else Decision(shown)
