"""How a dispute is changed: with its counters, its events and what its payment holds, all in one write."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from shared.domain.attention import DISPUTE_ANSWER_NOT_TAKEN, flagged
from shared.domain.dispute import TAKEN, Dispute
from shared.domain.errors import NotFound, StaleWrite
from shared.domain.event import DisputeFacts, Event, EventType, Facts
from shared.domain.ids import DisputeId
from shared.domain.operation import Kind
from shared.domain.payment import MOST_DISPUTES, Payment, Status
from shared.ports.disputes import DisputeChange, Disputes
from shared.ports.payments import Change
from shared.ports.world import World
from shared.usecases.contended import Overtaken, until_written
from shared.usecases.payment.changing import Decision, Told, to_write

# The dispute as it is, None while there is none; what it is to be, None when nothing is (left) to do.
Decide = Callable[[Dispute | None, datetime], Dispute | None]


def change_dispute(dispute_id: DisputeId, decide: Decide, *, world: World, disputes: Disputes) -> Dispute | None:
    """Write what ``decide`` makes of the dispute; again on the newer one if somebody wrote first.

    Returns the dispute as it is then, None when there still is none. What ``decide`` raises leaves unchanged.
    Raises StaleWrite after too many lost races.
    """

    def write(before: Dispute | None) -> Dispute | Overtaken[Dispute | None] | None:
        now = world.now()
        after = decide(before, now)
        if after is None or after == before:
            return before
        change = _planned(before, after, now, world)
        with suppress(StaleWrite):  # the merchant's counters are busy
            if disputes.save(change):
                return replace(change.dispute, version=change.dispute.version + 1)
        return Overtaken(_found(dispute_id, disputes))

    return until_written(_found(dispute_id, disputes), write, what="the dispute", pause=world.pause)


def _found(dispute_id: DisputeId, disputes: Disputes) -> Dispute | None:
    try:
        return disputes.get(dispute_id)
    except NotFound:
        return None


def _planned(before: Dispute | None, after: Dispute, now: datetime, world: World) -> DisputeChange:
    facts = _facts(after)
    types = _tells(before, after, facts)
    after = replace(after, sequence=after.sequence + len(types))
    first = after.sequence - len(types) + 1
    said = [facts] * len(types)
    if said:
        said[-1] = _with_loss(facts, before, after)
    events = [_event(after, *told, first + n, now, world) for n, told in enumerate(zip(types, said, strict=True))]
    beside = _of_payment(before, after, now, world)
    if beside is None:
        return DisputeChange(after, before, events)
    return DisputeChange(after, before, [*events, *beside.events], beside.payment)


def _tells(before: Dispute | None, after: Dispute, facts: DisputeFacts) -> list[EventType]:
    closes = after.is_closed and (before is None or before.status is not after.status)
    if before is None:
        return [EventType.DISPUTE_CREATED, EventType.DISPUTE_CLOSED] if closes else [EventType.DISPUTE_CREATED]
    if closes:
        return [EventType.DISPUTE_CLOSED]
    return [] if _facts(before) == facts else [EventType.DISPUTE_UPDATED]


def _event(
    dispute: Dispute, event_type: EventType, facts: DisputeFacts, sequence: int, now: datetime, world: World
) -> Event:
    return Event(
        id=world.event_id(now, sequence.to_bytes(2, "big") + world.entropy(8), dispute.id),
        type=event_type,
        merchant_id=dispute.merchant_id,
        environment=dispute.environment,
        subject=dispute.id,
        sequence=sequence,
        created_at=now,
        facts=Facts(dispute=facts),
        notify_url=dispute.notify_url,
    )


def _with_loss(facts: DisputeFacts, before: Dispute | None, after: Dispute) -> DisputeFacts:
    """What the change's last event tells: also what the bank took by it, because sums are made from events alone."""
    lost = after.lost - (before.lost if before else 0)
    # A record of before does not say in which currency it holds: in its own, unless the payment has another.
    currency = after.currency or after.amount.currency
    return replace(facts, lost=lost, currency=currency, by_method=after.by_method)


def _facts(dispute: Dispute) -> DisputeFacts:
    return DisputeFacts(
        id=dispute.id,
        payment_id=dispute.payment_id,
        amount=dispute.amount,
        reason=dispute.reason,
        status=dispute.status,
        source=dispute.source,
        created_at=dispute.created_at,
        deadline=dispute.deadline,
    )


def _of_payment(before: Dispute | None, after: Dispute, now: datetime, world: World) -> Change | None:
    """The payment, with a new dispute's name, what is held more or less of it, that it was charged back, and whether
    an answer to it needs a person; None when all of that is unchanged."""
    difference = after.held - (before.held if before else 0)
    is_lost = after.last.status in TAKEN and (before is None or before.last.status not in TAKEN)
    lacks, lacked = after.lacks_its_answer(now), before is not None and before.lacks_its_answer(now)
    if before is not None and not (difference or is_lost or lacks or lacked):
        return None
    payment = world.payments.get(after.payment_id)
    named = payment.disputes if before else (*payment.disputes, after.id)[-MOST_DISPUTES:]
    held = replace(payment, disputed=payment.disputed + difference, disputes=named)
    if lacks:
        held = flagged(held, DISPUTE_ANSWER_NOT_TAKEN)
    elif lacked and held.attention == DISPUTE_ANSWER_NOT_TAKEN:
        held = replace(held, attention=None)
    if held == payment and not is_lost:
        return None
    return to_write(payment, _charged_back(held) if is_lost else Decision(held), now, world)


def _charged_back(payment: Payment) -> Decision:
    """Told once, by a bank's first word that a dispute is lost. What the clock alone ended can still be won."""
    if payment.charged_back or payment.status not in (Status.SUCCESS, Status.PARTIALLY_REFUNDED):
        return Decision(payment)
    return Decision(replace(payment, charged_back=True), (Told(EventType.CHARGED_BACK, Kind.SALE),))
