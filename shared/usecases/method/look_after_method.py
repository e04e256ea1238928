"""What nobody else finished of a payment by a method: a beginning, a word, a deadline, money after the end."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from shared.domain.errors import OutcomeUnknown, Refused, Unavailable
from shared.domain.method_course import METHOD_WATCH, is_begun, is_waiting, method_is_watched
from shared.domain.payment import AWAITING_CARD, Ending, Payment
from shared.ports.world import World
from shared.usecases.method.begin_method import ask_to_begin
from shared.usecases.method.end_method import EXPIRED, end_method
from shared.usecases.method.record_method_outcome import take_method_outcome
from shared.usecases.method.return_surplus import return_surplus
from shared.usecases.payment.changing import Decision, change


def look_after_method(payment: Payment, *, world: World) -> Payment:
    """Ask what there is to ask; end what is over. What the provider does not answer is asked at the next look."""
    payment = return_surplus(payment, world=world)
    with suppress(OutcomeUnknown, Unavailable):
        if is_waiting(payment) and payment.is_expired(world.now()):
            return end_method(payment, Ending.EXPIRED, EXPIRED, world=world)
        if is_begun(payment) and payment.status in AWAITING_CARD:
            with suppress(Refused):  # it is written that another method may be chosen
                payment = ask_to_begin(payment, world=world)
        if is_begun(payment) and is_waiting(payment):
            outcome = world.gateways.method(payment).outcome(payment)
            return take_method_outcome(payment, outcome, world=world)
        if method_is_watched(payment):
            return _watched(payment, world)
    return payment


def _watched(payment: Payment, world: World) -> Payment:
    """Money that comes after the end is counted too; a day later the provider is let go."""
    outcome = world.gateways.method(payment).outcome(payment)
    payment = take_method_outcome(payment, outcome, world=world)

    def decide(current: Payment, now: datetime) -> Decision | None:
        if not method_is_watched(current) or current.completed_at is None:
            return None
        over = outcome.closed or now >= current.completed_at + METHOD_WATCH
        return Decision(replace(current, page_settled=True)) if over else None

    return change(payment, decide, world=world)
