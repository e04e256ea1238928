"""What became of the charge of a saved card: closed by its answer, or by asking when the answer was lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.decline import Decline
from shared.domain.event import EventType
from shared.domain.operation import HANDLER_TIMEOUT, Answer, Kind, Operation, State
from shared.domain.payment import Failure, Payment, Status
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, Told, change
from shared.usecases.payment.operating import UNKNOWN, ask

NEVER_ARRIVED: Final = Answer(State.REFUSED, "not_sent", "The charge never reached the card gateway")

DECLINED: Final = "Card declined"  # as the guide prints it


def open_charge(payment: Payment) -> Operation | None:
    """The charge of a saved card that nobody has closed yet."""
    if payment.saved_card is None:
        return None
    return next(iter(payment.open_operations(Kind.SALE)), None)


def resolve_charge(payment: Payment, *, world: World) -> Payment:
    """Ask what became of an open charge, and write the answer.

    Only the call that wrote a charge ever sends it. Whoever comes later only asks, so a charge that the gateway
    has not heard of, once its sender must be gone, was never made: the payment fails and nobody sends it again.
    """
    operation, now = open_charge(payment), world.now()
    if operation is None or operation.is_someone_elses(now):
        return payment
    gateway = world.gateways.card(payment)
    answer = ask(lambda: gateway.lookup(payment, operation), operation)
    if answer is None:
        sender_is_gone = now - operation.started_at >= HANDLER_TIMEOUT
        answer = NEVER_ARRIVED if sender_is_gone else UNKNOWN
    return close_charge(payment, operation.key, answer, world=world)


def close_charge(payment: Payment, key: str, answer: Answer, *, world: World) -> Payment:
    """Write what the gateway said: SUCCESS with the card's use counted, FAILED, or open still. Safe to repeat."""
    return change(payment, lambda current, now: _closed(current, key, answer, now), world=world)


def _closed(payment: Payment, key: str, answer: Answer, now: datetime) -> Decision | None:
    stored = payment.operation(key)
    if stored is None or not stored.is_open:
        return None
    operation = stored.closed(answer, now)
    payment = payment.with_operation(operation)
    if operation.is_open:
        return Decision(payment, looked=True)
    if operation.state is State.SUCCEEDED:
        tells = [Told(EventType.PAID, Kind.SALE), Told(EventType.CHECKOUT_ENDED, Kind.SALE)]
        return Decision(payment.moved(Status.SUCCESS, now), tells, uses_card=True)
    not_sent = operation.code == NEVER_ARRIVED.code
    failure = Failure("not_sent", answer.message) if not_sent else _why(answer.reason or Decline.CARD_DECLINED)
    failed = replace(payment.moved(Status.FAILED, now), failure=failure)
    return Decision(failed, [Told(EventType.FAILED, Kind.SALE), Told(EventType.CHECKOUT_ENDED, Kind.SALE)])


def _why(reason: Decline) -> Failure:
    return Failure(reason.value, DECLINED if reason is Decline.CARD_DECLINED else reason.text)
