"""Look after payments nobody else is looking after: missed outcomes, lost wakes, lost executions, open ends."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from shared.domain.attention import OUTCOME_UNKNOWN, flagged
from shared.domain.course import PAGE_WATCH, needs_flow, next_step, page_is_watched, silent_from
from shared.domain.errors import OutcomeUnknown, Unavailable
from shared.domain.payment import AWAITING_CARD, MAX_EXECUTIONS, Mode, Payment
from shared.ports.connectors import PageOutcome, PageState
from shared.ports.world import World
from shared.usecases.card.charge_card import resolve_charge
from shared.usecases.flow.close_checkout import decide_close
from shared.usecases.flow.notify_vouchers import notify
from shared.usecases.housekeeping.carry_on import carry_on
from shared.usecases.housekeeping.sweeping import Looking, Shift, Swept
from shared.usecases.method.look_after_method import look_after_method
from shared.usecases.payment.changing import Decision, change, wake
from shared.usecases.payment.record_card_outcome import record_card_outcome, settle_authorisation, take_outcome
from shared.usecases.payment.release_late import give_difference_again, release_late
from shared.usecases.payment.settle_provisional import settle_provisional
from shared.usecases.refund.give_back import give_back
from shared.usecases.refund.refund_payment import settle_refunds


def sweep(limit: int, *, world: World, shift: Shift | None = None) -> Swept:
    """Look after every payment that is due, at most ``limit`` of them; one that fails or hangs stops no other."""
    how = Looking(
        world.payments.get,
        lambda payment: look_after(payment, world=world),
        lane=_connector,
        put_back=lambda payment_id: change(world.payments.get(payment_id), _looked, world=world),
    )
    return (shift or Shift(world.now)).look_at_all(world.payments.due(world.now(), limit), how)


def _connector(payment: Payment) -> str:
    """Whom the look may have to wait for: this merchant's connector."""
    name = payment.provider if payment.mode is Mode.ALTERNATIVE else payment.gateway
    return f"{payment.merchant_id}#{payment.environment}#{name}"


def look_after(payment: Payment, *, world: World) -> Payment:
    """Do what is left to do for a payment that was just read, then set the time of the next look."""
    before = payment.version
    payment = settle_authorisation(payment, world=world)
    payment = release_late(payment, world=world, ask_first=True)
    payment = give_difference_again(payment, world=world)
    payment = give_back(settle_refunds(payment, world=world), world=world)
    payment = settle_provisional(resolve_charge(payment, world=world), world=world)
    if payment.is_final and next_step(payment, world.now()) != "restore":  # what goes back was not sold
        payment = notify(payment, world=world)
    if payment.mode is Mode.ALTERNATIVE:
        payment = look_after_method(payment, world=world)
    elif payment.status in AWAITING_CARD:
        payment = _card_page(payment, world)
    elif page_is_watched(payment):
        payment = _open_page(payment, world)
    if needs_flow(payment):
        payment = _flow(payment, world)
    if payment.version == before:
        return change(payment, _looked, world=world)
    return payment


def _looked(payment: Payment, now: datetime) -> Decision | None:
    return Decision(payment, looked=True) if payment.due_at and payment.due_at <= now else None


def _card_page(payment: Payment, world: World) -> Payment:
    """The outcome nobody brought; and the end of a sale, which has no machine to end it."""
    payment = record_card_outcome(payment.id, world=world)
    over = payment.ending is not None or payment.is_expired(world.now())
    if payment.mode.has_flow or payment.status not in AWAITING_CARD or not over:
        return payment
    try:
        outcome = world.gateways.card(payment).close_page(payment)
    except (OutcomeUnknown, Unavailable):
        return payment
    payment = take_outcome(payment, outcome, world=world)
    return change(payment, lambda p, now: decide_close(p, now, page_closed=outcome.settled), world=world)


def _open_page(payment: Payment, world: World) -> Payment:
    """A page its gateway did not close: what came late is given back; a day later the page is let go."""
    try:
        outcome = world.gateways.card(payment).close_page(payment)
    except (OutcomeUnknown, Unavailable):
        return payment
    payment = take_outcome(payment, outcome, world=world)
    return change(payment, lambda p, now: _let_go(p, now, outcome), world=world)


def _let_go(payment: Payment, now: datetime, outcome: PageOutcome) -> Decision | None:
    if not page_is_watched(payment) or payment.completed_at is None:
        return None
    if outcome.settled:
        return Decision(replace(payment, page_settled=True))
    if now < payment.completed_at + PAGE_WATCH:
        return None
    let_go = replace(payment, page_settled=True)
    # Where its bank is undecided still, a person has to ask its gateway.
    return Decision(flagged(let_go, OUTCOME_UNKNOWN) if outcome.state is PageState.PENDING else let_go)


def _flow(payment: Payment, world: World) -> Payment:
    """Wake a machine that was not told. If nobody is heard of for too long, replace it, or do its work here.

    Whether an execution runs says nothing about whether it waits on the token in the record; only that the payment
    is written does. So one that runs is not replaced: what it leaves undone is done here.
    """
    silent = silent_from(payment, world.now())
    if wake(payment, world=world) or silent is None or world.now() < silent:
        return payment
    with suppress(Unavailable):  # nobody can say whether a machine is there
        if _is_gone(payment, world):
            return _replaced(payment, world)
    return carry_on(payment, world=world)


def _is_gone(payment: Payment, world: World) -> bool:
    """Whether another execution may take over: the last one is over, or the payment waits and none is parked."""
    if payment.executions >= MAX_EXECUTIONS:
        return False
    return next_step(payment, world.now()) is None or not world.flow.is_running(payment.id, payment.executions)


def _replaced(payment: Payment, world: World) -> Payment:
    number = payment.executions + 1
    # Started first: a start that fails uses up none of the executions, and one that is not counted counts as started.
    world.flow.start(payment.id, number)
    return change(payment, lambda p, now: _counted(p, number, now), world=world)


def _counted(payment: Payment, number: int, now: datetime) -> Decision | None:
    if payment.executions >= number:
        return None
    return Decision(replace(payment, executions=number, heard_at=now))
