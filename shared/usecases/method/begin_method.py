"""Have the provider begin: from then on the customer can pay, and somebody else will say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain.errors import IllegalTransition, Refused
from shared.domain.method_course import is_begun
from shared.domain.payment import AWAITING_CARD, Failure, Mode, Payment, Status
from shared.ports.methods import Begun
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, change


def begin_method(payment: Payment, *, world: World) -> Payment:
    """Begin, once, however many ask at once; a lost answer is asked for again by the same call.

    That it begins is written first: from then on no other method can be chosen, and housekeeping asks what became
    of it. Raises IllegalTransition without a method or after the end, Refused when the provider does not begin
    (another method may be chosen then), Unavailable and OutcomeUnknown when it does not answer.
    """
    payment = change(payment, _beginning, world=world)
    if payment.status not in AWAITING_CARD:
        return payment
    return ask_to_begin(payment, world=world)


def ask_to_begin(payment: Payment, *, world: World) -> Payment:
    """The same, for a payment on whose record it stands that it begins."""
    try:
        begun = world.gateways.method(payment).begin(payment)
    except Refused:
        change(payment, _not_begun, world=world)
        raise
    return change(payment, lambda p, now: _begun(p, begun, now), world=world)


def _beginning(payment: Payment, now: datetime) -> Decision | None:
    if payment.mode is Mode.ALTERNATIVE and payment.status is Status.PROCESSING:
        return None
    if payment.mode is not Mode.ALTERNATIVE or payment.status not in AWAITING_CARD:
        raise IllegalTransition(f"a payment in status {payment.status} cannot be begun")
    if payment.method_choice is None:
        raise IllegalTransition("no method was chosen")
    if is_begun(payment):
        return None
    if payment.is_expired(now):
        raise IllegalTransition("this payment has expired", code="expired")
    return Decision(replace(payment, method_choice=replace(payment.method_choice, begun_at=now), failure=None))


def _not_begun(payment: Payment, now: datetime) -> Decision | None:
    choice = payment.method_choice
    if payment.status not in AWAITING_CARD or choice is None or choice.begun_at is None:
        return None
    failure = Failure("method_refused", "The provider does not take this payment; choose another method")
    return Decision(replace(payment, method_choice=replace(choice, begun_at=None), failure=failure))


def _begun(payment: Payment, begun: Begun, now: datetime) -> Decision | None:
    choice = payment.method_choice
    if payment.status not in AWAITING_CARD or choice is None or choice.number:
        return None
    choice = replace(choice, number=begun.reference, handle=begun.handle, redirect_url=begun.redirect_url)
    waiting = replace(payment.moved(Status.PROCESSING, now), method_choice=choice)
    return Decision(waiting.open_until(begun.expires_at))
