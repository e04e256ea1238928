"""End a payment by a method: its customer leaves, or its time is over. Money that came meanwhile stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain.errors import IllegalTransition
from shared.domain.method_course import is_begun, is_waiting
from shared.domain.payment import Ending, Failure, Payment, Status
from shared.ports.methods import MethodOutcome, MethodState
from shared.ports.world import World
from shared.usecases.method.record_method_outcome import TOLD_FAILED, take_method_outcome, with_return
from shared.usecases.method.return_surplus import change_and_return
from shared.usecases.payment.changing import Decision

CANCELLED = Failure("cancelled", "The customer cancelled")
EXPIRED = Failure("expired", "The time to pay is over")


def cancel_method(payment: Payment, *, world: World) -> Payment:
    """The customer leaves. Safe to repeat.

    Raises IllegalTransition for a payment that is over, or paid at this moment; Unavailable and OutcomeUnknown when
    the provider does not answer: then nothing is decided, and the call may be made again.
    """
    payment = end_method(payment, Ending.CANCELLED, CANCELLED, world=world)
    if payment.ending is not Ending.CANCELLED:
        raise IllegalTransition(f"a payment in status {payment.status} cannot be cancelled any more")
    return payment


def end_method(payment: Payment, ending: Ending, failure: Failure, *, world: World) -> Payment:
    """Have the provider take no more, record what it came to, and end what is still unpaid then.

    A payment that is over is returned as it is, and so is one whose money is on its way: its end is asked for again
    when it is here, or not. Raises Unavailable and OutcomeUnknown.
    """
    if not is_waiting(payment):
        return payment
    asked, closed = is_begun(payment), True
    if asked:
        outcome = world.gateways.method(payment).close(payment)
        payment = take_method_outcome(payment, _but_for_our_closing(outcome), world=world)
        if outcome.state is MethodState.ARRIVING:
            return payment
        closed = outcome.closed

    def decide(current: Payment, now: datetime) -> Decision | None:
        if not is_waiting(current) or is_begun(current) is not asked:
            return None
        failed = replace(current.moved(Status.FAILED, now), ending=ending, failure=failure, page_settled=closed)
        return Decision(with_return(failed, now, ended_now=True), TOLD_FAILED)

    payment = change_and_return(payment, decide, world=world)
    begun_meanwhile = is_waiting(payment) and is_begun(payment) and not asked
    return end_method(payment, ending, failure, world=world) if begun_meanwhile else payment


def _but_for_our_closing(outcome: MethodOutcome) -> MethodOutcome:
    """What the provider says, unless it only says that it was closed: why that was, whoever closed it knows."""
    return replace(outcome, state=MethodState.PENDING) if outcome.state is MethodState.EXPIRED else outcome
