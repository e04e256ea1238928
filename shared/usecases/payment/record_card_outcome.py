"""Write down what the customer's card page came to, whoever brings the news and however often."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.course import LATE
from shared.domain.decline import Decline
from shared.domain.errors import OutcomeUnknown, Unavailable
from shared.domain.event import EventType
from shared.domain.ids import PaymentId
from shared.domain.operation import Kind, Operation, State
from shared.domain.payment import AWAITING_CARD, Ending, Failure, Mode, Payment, Status
from shared.ports.connectors import PageOutcome, PageState
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, Told, change, wake
from shared.usecases.payment.release_late import late_operation, release_late


def record_card_outcome(payment_id: PaymentId, *, world: World, known: Payment | None = None) -> Payment:
    """Ask the gateway about the payment's page and record its answer once.

    Safe to call at any time, by the browser's return, the gateway's notification and housekeeping at once.
    ``known`` is the payment if the caller has just read it: an older version only costs another try.
    """
    payment = known or world.payments.get(payment_id)
    try:
        outcome = world.gateways.card(payment).page_outcome(payment)
    except (OutcomeUnknown, Unavailable):
        return payment  # nobody moved money through us; housekeeping asks again
    return take_outcome(payment, outcome, world=world)


def take_outcome(payment: Payment, outcome: PageOutcome, *, world: World) -> Payment:
    """Record ``outcome``, wake the machine, and release a card that was accepted too late.

    A card that was accepted lets the browser that paid read and finish this payment, whoever brings the news.
    """
    ours: list[bool] = []

    def decide(current: Payment, now: datetime) -> Decision | None:
        decision = decide_outcome(current, outcome, now, world.checkout_seconds)
        ours[:] = [decision is not None and late_operation(current) is None]
        return decision

    recorded = change(payment, decide, world=world)
    wake(recorded, world=world)
    return release_late(recorded, world=world, ask_first=not all(ours))


def decide_outcome(payment: Payment, outcome: PageOutcome, now: datetime, checkout_seconds: int) -> Decision | None:
    """What one page outcome means for the payment as it stands; None when it is recorded already."""
    if outcome.state is PageState.OPEN or payment.saved_card is not None:
        return None  # the charge of a saved card has no page; its own call closes it
    if outcome.state is PageState.CANCELLED:
        return _cancelled(replace(payment, page_settled=outcome.closed), now)
    kind = Kind.PREAUTH if payment.mode.has_flow else Kind.SALE
    approved = outcome.state is PageState.APPROVED
    operation = Operation(
        key=payment.key(kind, outcome.number),
        kind=kind,
        amount=payment.amount,
        state=State.SUCCEEDED if approved else State.REFUSED,
        started_at=now,
        closed_at=now,
        code=outcome.code,
        message=outcome.message,
        reference=outcome.reference,
        auth_code=outcome.auth_code,
    )
    if payment.operation(operation.key) is not None:
        return None
    payment = replace(payment.with_operation(operation), card_tries=max(payment.card_tries, outcome.number))
    if not approved:
        return _declined(payment, outcome, kind, now)
    asked = outcome.consent if payment.mode is Mode.SALE_WITH_TOKENIZATION else None
    payment = replace(payment, card=outcome.card, consent=asked)
    if outcome.payer is not None and outcome.payer not in payment.client_secrets:
        payment = replace(payment, client_secrets=(*payment.client_secrets, outcome.payer))
    return _approved(payment, kind, now, checkout_seconds)


def _approved(payment: Payment, kind: Kind, now: datetime, checkout_seconds: int) -> Decision:
    in_time = payment.status in AWAITING_CARD and payment.ending is None and not payment.is_expired(now)
    if in_time and kind is Kind.SALE:
        paid = replace(payment.moved(Status.SUCCESS, now), failure=None)
        return Decision(paid, [Told(EventType.PAID, Kind.SALE), Told(EventType.CHECKOUT_ENDED, Kind.SALE)])
    if in_time:
        held = payment.moved(Status.CARD_PREAUTH_SUCCESS, now)
        held = replace(held, failure=None).open_until(now + timedelta(seconds=checkout_seconds))
        return Decision(held, [Told(EventType.PREAUTHORISED, Kind.PREAUTH)])
    if payment.status in AWAITING_CARD and kind is Kind.PREAUTH:
        # The machine is still there: it closes the checkout and releases this hold.
        closing = payment.moved(Status.PROCESSING, now)
        return Decision(replace(closing, ending=closing.ending or Ending.EXPIRED))
    return _late(payment, kind, now)


def _late(payment: Payment, kind: Kind, now: datetime) -> Decision:
    """Accepted after the end: written together with the operation that gives it back."""
    back = Kind.VOID if kind is Kind.PREAUTH else Kind.REFUND
    tells = []
    if payment.status in AWAITING_CARD:
        payment = replace(payment.moved(Status.FAILED, now), ending=payment.ending or Ending.EXPIRED)
        payment = replace(payment, failure=Failure("late_payment", "The payment came after the checkout had expired"))
        tells = [Told(EventType.FAILED, kind), Told(EventType.CHECKOUT_ENDED, kind)]
    key = payment.key(back, LATE)
    if payment.operation(key) is None:
        payment = payment.with_operation(Operation(key, back, payment.amount, State.PENDING, started_at=now))
    return Decision(payment, tells)


def _declined(payment: Payment, outcome: PageOutcome, kind: Kind, now: datetime) -> Decision:
    if payment.status not in AWAITING_CARD or payment.ending:
        return Decision(payment)
    failed = payment.moved(Status.CARD_PREAUTH_FAILED, now)
    reason = outcome.reason or Decline.CARD_DECLINED
    failed = replace(failed, failure=Failure(reason.value, reason.text))
    return Decision(failed, [Told(EventType.FAILED, kind)])


def _cancelled(payment: Payment, now: datetime) -> Decision | None:
    if payment.status not in AWAITING_CARD or payment.ending:
        return None
    ending = replace(payment, ending=Ending.CANCELLED, failure=Failure("cancelled", "The customer cancelled"))
    if payment.mode.has_flow:
        return Decision(ending)  # the machine closes the checkout
    tells = [Told(EventType.FAILED, Kind.SALE), Told(EventType.CHECKOUT_ENDED, Kind.SALE)]
    return Decision(ending.moved(Status.FAILED, now), tells)
