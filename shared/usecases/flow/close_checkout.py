"""State ``CloseCheckout``: end a checkout nobody finished, unless a choice got there first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain.course import owed_since, releases
from shared.domain.errors import OutcomeUnknown, Unavailable
from shared.domain.event import EventType
from shared.domain.ids import PaymentId
from shared.domain.operation import Kind, as_long_again
from shared.domain.payment import AWAITING_CARD, AWAITING_CHOICE, Ending, Failure, Payment, Status
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, Told, change, unparked
from shared.usecases.payment.operating import Step
from shared.usecases.payment.record_card_outcome import take_outcome


def close_checkout(payment_id: PaymentId, *, world: World) -> Step:
    """Words: closed (over, nothing held), void (release the hold), chosen (go on as if woken), unknown."""
    payment = world.payments.get(payment_id)
    page_closed = False
    if payment.status in AWAITING_CARD and _is_over(payment, world.now()):
        try:
            # The page takes no more cards from here on, and tells what it had taken already.
            outcome = world.gateways.card(payment).close_page(payment)
        except (OutcomeUnknown, Unavailable):
            payment = change(payment, _unparked, world=world)
            now = world.now()
            return Step("unknown", as_long_again(owed_since(payment, now), now))
        page_closed = outcome.settled
        payment = take_outcome(payment, outcome, world=world)
    payment = change(payment, lambda p, now: decide_close(p, now, page_closed=page_closed), world=world)
    if payment.status is Status.PROCESSING:
        return Step("void" if payment.ending else "chosen")
    if payment.is_final:
        return Step("void" if releases(payment) else "closed")
    return Step("chosen")


def _unparked(payment: Payment, now: datetime) -> Decision | None:
    return Decision(unparked(payment, now)) if payment.waiting else None


def decide_close(payment: Payment, now: datetime, *, page_closed: bool) -> Decision | None:
    """The one conditional move that ends a checkout; None when it is over, chosen, or not due.

    ``page_closed`` is what the gateway promised; a page that stays open is watched for another day.
    """
    if not _is_over(payment, now):
        return None
    payment = unparked(replace(payment, ending=payment.ending or Ending.EXPIRED), now)
    if payment.status in AWAITING_CHOICE:
        return Decision(payment.moved(Status.PROCESSING, now))
    if payment.status not in AWAITING_CARD:
        return None
    failed = replace(payment.moved(Status.FAILED, now), page_settled=page_closed)
    if payment.ending is Ending.EXPIRED or failed.failure is None:
        failed = replace(failed, failure=Failure("expired", "The checkout expired before it was completed"))
    kind = Kind.PREAUTH if payment.mode.has_flow else Kind.SALE
    return Decision(failed, [Told(EventType.FAILED, kind), Told(EventType.CHECKOUT_ENDED, kind)])


def _is_over(payment: Payment, now: datetime) -> bool:
    awaiting = payment.status in AWAITING_CARD or payment.status in AWAITING_CHOICE
    return awaiting and (payment.ending is not None or payment.is_expired(now))
