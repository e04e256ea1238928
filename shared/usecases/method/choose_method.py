"""Choose how a payment is paid, or choose again: until its provider was asked to begin."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime

from shared.domain.errors import IllegalTransition
from shared.domain.method import MethodChoice, Payer
from shared.domain.method_course import is_begun
from shared.domain.payment import AWAITING_CARD, Mode, Payment
from shared.domain.record import dataclass
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, change


@dataclass(frozen=True, slots=True)
class ChosenMethod:
    """A method by its code, and what is known of the payer by now. ``family_data`` replaces what is there."""

    method: str
    choice: MethodChoice | None
    payer: Payer
    email: str | None = None
    family_data: dict[str, str] = field(default_factory=dict)


def choose_method(payment: Payment, chosen: ChosenMethod, *, world: World) -> Payment:
    """Record the choice. Raises IllegalTransition once it was begun, or the payment is over or by card."""

    def decide(current: Payment, now: datetime) -> Decision | None:
        check_choosable(current, now)
        wanted = replace(
            current,
            method=chosen.method,
            method_choice=chosen.choice,
            payer=chosen.payer,
            email=chosen.email,
            family_data=chosen.family_data,
        )
        return None if wanted == current else Decision(wanted)

    return change(payment, decide, world=world)


def check_choosable(payment: Payment, now: datetime) -> None:
    if payment.mode is not Mode.ALTERNATIVE:
        raise IllegalTransition("this payment is paid by card")
    if payment.status not in AWAITING_CARD:
        raise IllegalTransition(f"a payment in status {payment.status} has its method")
    if is_begun(payment):
        raise IllegalTransition("the method was begun already")
    if payment.is_expired(now):
        raise IllegalTransition("this payment has expired", code="expired")
