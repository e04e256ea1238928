"""Write down what a method's provider says, whoever brings the news and however often; count all money that comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.attention import AMOUNT_MISMATCH, flagged
from shared.domain.errors import OutcomeUnknown, Unavailable
from shared.domain.event import EventType
from shared.domain.ids import PaymentId
from shared.domain.method_course import is_begun, is_waiting, received, returns, surplus, word_of_return
from shared.domain.operation import Kind, Operation, State
from shared.domain.payment import Ending, Failure, Payment, Status
from shared.ports.methods import OVER, MethodOutcome, MethodState, Receipt
from shared.ports.world import World
from shared.usecases.method.return_surplus import change_and_return
from shared.usecases.payment.changing import Decision, Told

TOLD_PAID: Final = (Told(EventType.PAID, Kind.SALE), Told(EventType.CHECKOUT_ENDED, Kind.SALE))
TOLD_FAILED: Final = (Told(EventType.FAILED, Kind.SALE), Told(EventType.CHECKOUT_ENDED, Kind.SALE))
_FAILURE: Final = {
    MethodState.REJECTED: Failure("rejected", "The payment was refused"),
    MethodState.FAILED: Failure("failed", "The payment could not be made"),
    MethodState.EXPIRED: Failure("expired", "The time to pay is over"),
}


def record_method_outcome(payment_id: PaymentId, *, world: World, known: Payment | None = None) -> Payment:
    """Ask the provider and record its answer once. Safe at any time, for many at once."""
    payment = known or world.payments.get(payment_id)
    if not is_begun(payment):
        return payment
    try:
        outcome = world.gateways.method(payment).outcome(payment)
    except (OutcomeUnknown, Unavailable):
        return payment  # no money moves through us; housekeeping asks again
    return take_method_outcome(payment, outcome, world=world)


def take_method_outcome(payment: Payment, outcome: MethodOutcome, *, world: World) -> Payment:
    """Record ``outcome`` and send back what came and is nobody's."""
    return change_and_return(payment, lambda p, now: decide_outcome(p, outcome, now), world=world)


def decide_outcome(payment: Payment, outcome: MethodOutcome, now: datetime) -> Decision | None:
    """What the provider's word means for the payment as it stands; None when it is recorded already."""
    heard = _with_receipts(payment, outcome.received, now)
    tells: tuple[Told, ...] = ()
    if is_waiting(heard) and is_begun(heard):
        if not received(heard) < heard.due:
            heard, tells = _paid(heard, outcome, now), TOLD_PAID
        elif outcome.state in OVER:
            heard, tells = _over(heard, outcome, now), TOLD_FAILED
    if heard.is_final:
        heard = with_return(heard, now, ended_now=bool(tells))
    return None if heard == payment else Decision(heard, tells)


def _with_receipts(payment: Payment, came: tuple[Receipt, ...], now: datetime) -> Payment:
    """The payment with every arrival in its journal that was not there before."""
    known = {op.reference for op in payment.operations if op.kind is Kind.RECEIPT}
    count = len(known)
    for receipt in came:
        if receipt.number in known:
            continue
        known.add(receipt.number)
        count += 1
        in_ours = receipt.amount.currency == payment.amount.currency
        payment = payment.with_operation(
            Operation(
                key=payment.key(Kind.RECEIPT, count),
                kind=Kind.RECEIPT,
                amount=receipt.amount,
                state=State.SUCCEEDED if in_ours else State.REFUSED,
                started_at=now,
                closed_at=now,
                code="" if in_ours else "wrong_currency",
                reference=receipt.number,
            )
        )
        if not in_ours:  # it pays nothing, and a person has to know
            payment = flagged(payment, AMOUNT_MISMATCH)
    return payment


def _paid(payment: Payment, outcome: MethodOutcome, now: datetime) -> Payment:
    paid = payment.with_operation(_sale(payment, outcome, State.SUCCEEDED, now)).moved(Status.SUCCESS, now)
    return replace(paid, failure=None)


def _over(payment: Payment, outcome: MethodOutcome, now: datetime) -> Payment:
    ending = Ending.EXPIRED if outcome.state is MethodState.EXPIRED else None
    failed = payment.with_operation(_sale(payment, outcome, State.REFUSED, now)).moved(Status.FAILED, now)
    return replace(failed, ending=ending, failure=_FAILURE[outcome.state], page_settled=outcome.closed)


def _sale(payment: Payment, outcome: MethodOutcome, state: State, now: datetime) -> Operation:
    return Operation(
        key=payment.key(Kind.SALE, payment.card_tries + 1),  # after the cards that were declined
        kind=Kind.SALE,
        amount=payment.due,
        state=state,
        started_at=now,
        closed_at=now,
        code=outcome.code,
        message=outcome.message,
        reference=outcome.reference,
    )


def with_return(payment: Payment, now: datetime, *, ended_now: bool) -> Payment:
    """The payment with an operation, still to be sent, that gives its surplus back."""
    amount = surplus(payment)
    if not amount:
        return payment
    number = f"{word_of_return(payment, ended_now=ended_now)}{len(returns(payment)) + 1}"
    key = payment.key(Kind.REFUND, number)
    return payment.with_operation(Operation(key, Kind.REFUND, amount, State.PENDING, started_at=now))
