"""How a payment is changed: decide on what was read, write it if nobody else wrote, else decide again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from shared.domain.attention import with_unknown
from shared.domain.course import next_look, wake_word
from shared.domain.errors import TokenGone, Unavailable
from shared.domain.event import Event, EventType, Facts, RefundFacts
from shared.domain.operation import Kind
from shared.domain.payment import MOST_TOLD, Payment
from shared.domain.psp_reference import references
from shared.domain.record import dataclass
from shared.domain.refund import Refund
from shared.ports.payments import Change
from shared.ports.world import World
from shared.usecases.contended import Overtaken, stored, until_written
from shared.usecases.payment.facts import payment_facts


@dataclass(frozen=True, slots=True)
class Told:
    """An event to write with the change, and the kind of operation it tells of."""

    type: EventType
    operation: Kind
    refund: RefundFacts | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be written of a payment in one transaction, and what is told of it."""

    payment: Payment
    tells: Sequence[Told] = ()
    refunds: Sequence[Refund] = ()
    uses_card: bool = False  # a saved card was charged: count it
    looked: bool = False  # housekeeping looked and nothing moved: look later next time


Decide = Callable[[Payment, datetime], Decision | None]


def change(payment: Payment, decide: Decide, *, world: World) -> Payment:
    """Write what ``decide`` makes of the payment, with its events, in one conditional write.

    ``decide`` gets the payment as it stands and returns None when there is nothing (left) to do. It is
    called again on the newer payment whenever somebody else wrote first, so it must check what it relies
    on; what it raises leaves unchanged. Raises StaleWrite after too many lost races.
    """

    def write(current: Payment) -> Payment | Overtaken[Payment]:
        now = world.now()
        decision = decide(current, now)
        if decision is None:
            return current
        planned = to_write(current, decision, now, world)
        return stored(planned.payment, world.payments.save(planned))

    return until_written(payment, write, what="the payment", pause=world.pause)


def to_write(before: Payment, decision: Decision, now: datetime, world: World) -> Change:
    """The decision with its events numbered and the time of the next look."""
    payment = with_unknown(decision.payment, before.operations, decision.payment.operations, now)
    if (payment.status, payment.ending) != (before.status, before.ending):
        payment = replace(payment, heard_at=now)  # its next step is owed from this moment on
    # Each look that was due makes the next wait twice as long; whoever asks before keeps nobody waiting.
    in_turn = before.due_at is not None and before.due_at <= now
    payment = replace(payment, looks=payment.looks + in_turn if decision.looked else 0)
    due_at = _due(payment, now, done=decision.looked or payment.heard_at != before.heard_at)
    first, sequence = payment.sequence + 1, payment.sequence + len(decision.tells)
    payment = replace(payment, due_at=due_at, heard_at=payment.heard_at if due_at else None, sequence=sequence)
    events = [_event(payment, told, first + n, now, world) for n, told in enumerate(decision.tells)]
    if events:
        payment = replace(payment, told=(*payment.told, *(event.id for event in events))[-MOST_TOLD:])
    brought = references(payment, decision.refunds) - references(before)
    return Change(payment, events, decision.refunds, uses_card=decision.uses_card, references=brought)


def _due(payment: Payment, now: datetime, *, done: bool) -> datetime | None:
    """A look only comes nearer until it is ``done`` or the payment moved: no other write keeps housekeeping away."""
    due = next_look(payment, now)
    if due is None or payment.due_at is None or (done and payment.due_at <= now):
        return due
    return min(due, payment.due_at)


def _event(payment: Payment, told: Told, sequence: int, now: datetime, world: World) -> Event:
    return Event(
        id=world.event_id(now, sequence.to_bytes(2, "big") + world.entropy(8), payment.id),
        type=told.type,
        merchant_id=payment.merchant_id,
        environment=payment.environment,
        subject=payment.id,
        sequence=sequence,
        created_at=now,
        facts=Facts(payment_facts(payment, told.operation, now), told.refund),
        notify_url=payment.notify_url,
        family=payment.family,
    )


def wake(payment: Payment, *, world: World) -> bool:
    """Tell the parked machine what was recorded. Whoever comes second, token or outcome, does this.

    Whether a machine was told by this call. If there is something to tell and nobody waits on the token, or nobody
    answers, the next parking, CloseCheckout or housekeeping reads the record.
    """
    if payment.waiting is None or payment.task_token is None:
        return False
    word = wake_word(payment, payment.waiting, world.now())
    if word is None:
        return False
    try:
        world.flow.wake(payment.task_token, word)
    except (TokenGone, Unavailable):
        return False
    return True


def unparked(payment: Payment, now: datetime) -> Payment:
    """A step runs, so the wait is over and its token spent."""
    return replace(payment, waiting=None, task_token=None, heard_at=now)
