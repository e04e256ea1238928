"""Write down what the customer's card page came to, whoever brings the news and however often."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.attention import AMOUNT_MISMATCH
from shared.domain.course import LATE
from shared.domain.decline import Decline
from shared.domain.errors import OutcomeUnknown, Unavailable
from shared.domain.event import EventType
from shared.domain.ids import PaymentId
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import AWAITING_CARD, Ending, Failure, Mode, Payment, Status
from shared.domain.taking import pending
from shared.ports.connectors import PageOutcome, PageState
from shared.ports.world import World
from shared.usecases.payment.authorise import (
    NOT_SENT,
    asked_about,
    authorisation_key,
    authorised,
    number_of,
    open_authorisation,
)
from shared.usecases.payment.changing import Decision, Told, change, wake
from shared.usecases.payment.release_late import late_operation, release_late

BANK_PATIENCE: Final = timedelta(minutes=15)
ASKED_BY_PAGES: Final = timedelta(minutes=1)


def record_card_outcome(payment_id: PaymentId, *, world: World, known: Payment | None = None) -> Payment:
    """Ask the gateway about the payment's page and record its answer once.

    Safe to call at any time, by the browser's return, the gateway's notification and housekeeping at once.
    ``known`` is the payment if the caller has just read it: an older version only costs another try.
    """
    payment = known or world.payments.get(payment_id)
    if payment.mode is Mode.ALTERNATIVE:
        return payment  # it has no card page, or has left the one it had
    try:
        outcome = world.gateways.card(payment).page_outcome(payment)
    except (OutcomeUnknown, Unavailable):
        return payment  # nobody moved money through us; housekeeping asks again
    return take_outcome(payment, outcome, world=world)


def ask_while_checked(payment: Payment, *, world: World) -> Payment:
    """What became of a card that nobody knew of a moment ago, for a page that asks every few seconds.

    After a minute housekeeping alone asks the gateway, however many pages go on looking.
    """
    since = payment.pending_since or payment.created_at
    for operation in payment.open_operations(Kind.PREAUTH, Kind.SALE):
        since = max(since, operation.started_at)
    if not payment.is_being_checked or world.now() - since > ASKED_BY_PAGES:
        return payment
    return record_card_outcome(payment.id, world=world, known=payment)


def take_outcome(payment: Payment, outcome: PageOutcome, *, world: World) -> Payment:
    """Record ``outcome``, wake the machine, and release a card that was accepted too late.

    What was only agreed to is authorised first. A card that was accepted lets the browser that paid read and finish
    this payment, whoever brings the news.
    """
    payment = _earlier_try(payment, outcome, world=world)
    if outcome.state is PageState.AGREED and not _is_amiss(payment, outcome):
        payment, outcome = authorised(payment, outcome, world=world)
    return _recorded(payment, outcome, world=world)


def _earlier_try(payment: Payment, outcome: PageOutcome, *, world: World) -> Payment:
    """The payment with what became of a try before this one, if nobody has heard of that."""
    earlier = open_authorisation(payment)
    if earlier is None or number_of(earlier) >= outcome.number or earlier.is_someone_elses(world.now()):
        return payment
    payment, said = asked_about(payment, earlier, world=world)
    return _recorded(payment, said, world=world)


def _recorded(payment: Payment, outcome: PageOutcome, *, world: World) -> Payment:
    ours: list[bool] = []

    def decide(current: Payment, now: datetime) -> Decision | None:
        decision = decide_outcome(current, outcome, now, world.checkout_seconds)
        ours[:] = [decision is not None and late_operation(current) is None]
        return decision

    recorded = change(payment, decide, world=world)
    wake(recorded, world=world)
    return release_late(recorded, world=world, ask_first=not all(ours))


def settle_authorisation(payment: Payment, *, world: World) -> Payment:
    """Ask what became of the hold or charge of a payment that waits for no card any more, and give it back."""
    operation = open_authorisation(payment)
    if operation is None or payment.takes_card or operation.is_someone_elses(world.now()):
        return payment
    payment, outcome = asked_about(payment, operation, world=world)
    return _recorded(payment, outcome, world=world)


def decide_outcome(payment: Payment, outcome: PageOutcome, now: datetime, checkout_seconds: int) -> Decision | None:
    """What one page outcome means for the payment as it stands; None when it is recorded already."""
    if outcome.state is PageState.OPEN or payment.saved_card is not None or payment.mode is Mode.ALTERNATIVE:
        return None  # the charge of a saved card has no page, and a page that was left was closed
    if outcome.state is PageState.CANCELLED:
        settled = replace(payment, page_settled=outcome.settled)
        return _ended(settled, Failure("cancelled", "The customer cancelled"), now)
    if outcome.state is PageState.PENDING:
        return _undecided(payment, outcome, now)
    kind, key = authorisation_key(payment, outcome)
    stored = payment.operation(key) or pending(payment, kind, outcome.number, payment.amount, now)
    if not stored.is_open:
        return None
    if _is_amiss(payment, outcome):
        return _amiss(payment, stored, outcome, now)
    if outcome.state is PageState.AGREED:
        return None  # authorising it says what it comes to
    approved = outcome.state is PageState.APPROVED
    state = State.SUCCEEDED if approved else State.REFUSED
    answer = Answer(
        state, outcome.code, outcome.message, outcome.reference, auth_code=outcome.auth_code, proof=outcome.proof
    )
    payment = payment.with_operation(stored.closed(answer, now))
    payment = replace(payment, card_tries=max(payment.card_tries, outcome.number))
    if not approved:
        return _declined(payment, outcome, kind, now)
    return _approved(_with_card(payment, outcome), kind, now, checkout_seconds)


def _with_card(payment: Payment, outcome: PageOutcome) -> Payment:
    """Whose card was accepted, and what its holder said of saving it. A presented card is known already."""
    asked = outcome.consent if payment.mode is Mode.SALE_WITH_TOKENIZATION else None
    payment = replace(payment, card=outcome.card or payment.card, consent=asked)
    if outcome.payer is None or outcome.payer in payment.client_secrets:
        return payment
    return replace(payment, client_secrets=(*payment.client_secrets, outcome.payer))


def _is_amiss(payment: Payment, outcome: PageOutcome) -> bool:
    """Whether the gateway speaks of another amount than this payment's."""
    accepted = outcome.state in (PageState.APPROVED, PageState.AGREED)
    return accepted and outcome.amount is not None and outcome.amount != payment.amount


def _amiss(payment: Payment, operation: Operation, outcome: PageOutcome, now: datetime) -> Decision:
    """Nothing of it is paid. What the gateway holds or took instead is in the journal, and for a person to end."""
    assert outcome.amount is not None
    answer = Answer(State.REFUSED, AMOUNT_MISMATCH.lower(), "Another amount than this payment's", outcome.reference)
    payment = payment.with_operation(replace(operation.closed(answer, now), amount=outcome.amount))
    payment = replace(payment, attention=AMOUNT_MISMATCH, card_tries=max(payment.card_tries, outcome.number))
    failure = Failure(AMOUNT_MISMATCH.lower(), "The card gateway had another amount than this payment's")
    return _ended(payment, failure, now) or Decision(payment)


def _undecided(payment: Payment, outcome: PageOutcome, now: datetime) -> Decision | None:
    """The customer has done all that was asked: once, the checkout waits longer for their bank."""
    if outcome.number <= payment.pending_try or not payment.takes_card or payment.is_expired(now):
        return None
    waits = replace(payment, pending_try=outcome.number, pending_since=now)
    return Decision(waits if payment.pending_try else waits.open_until(payment.expires_at + BANK_PATIENCE))


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
    if not payment.takes_card or outcome.code == NOT_SENT:
        return Decision(payment)
    reason = outcome.reason or Decline.CARD_DECLINED
    failure = Failure(reason.value, reason.text)
    if payment.has_one_try:
        failed = replace(payment.moved(Status.FAILED, now), failure=failure, page_settled=outcome.settled)
        return Decision(failed, [Told(EventType.FAILED, kind), Told(EventType.CHECKOUT_ENDED, kind)])
    failed = replace(payment.moved(Status.CARD_PREAUTH_FAILED, now), failure=failure)
    return Decision(failed, [Told(EventType.FAILED, kind)])


def _ended(payment: Payment, failure: Failure, now: datetime) -> Decision | None:
    """No card will be taken any more; None when that was so before."""
    if not payment.takes_card:
        return None
    ending = replace(payment, ending=Ending.CANCELLED, failure=failure)
    if payment.mode.has_flow:
        return Decision(ending)  # the machine closes the checkout
    tells = [Told(EventType.FAILED, Kind.SALE), Told(EventType.CHECKOUT_ENDED, Kind.SALE)]
    return Decision(ending.moved(Status.FAILED, now), tells)
