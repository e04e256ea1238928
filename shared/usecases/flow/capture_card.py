"""State ``CaptureCard``: take what vouchers do not pay, and release what the gateway leaves held."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.attention import VOUCHER_NOT_REVERSED
from shared.domain.course import REST, kept_by_provider
from shared.domain.difference import first_try
from shared.domain.event import EventType
from shared.domain.ids import PaymentId
from shared.domain.operation import Answer, Kind, Operation
from shared.domain.payment import PAID, Ending, Failure, Payment, Status
from shared.domain.taking import pending, planned
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, Told, change, unparked
from shared.usecases.payment.operating import BUSY, Calls, Step, close, operate, unknown
from shared.usecases.payment.release_late import release_late

_OF_STEP: Final = (Kind.CAPTURE, Kind.REFUND)  # the refund is of what was captured beyond what was owed


def capture_card(payment_id: PaymentId, *, world: World) -> Step:
    """Words: captured, declined (roll back), covered (nothing to take: void), unknown (wait, come back)."""
    payment, taken = world.payments.take(payment_id, Kind.CAPTURE, world.now())
    if payment.status is not Status.PROCESSING or payment.ending:
        return Step(_word(payment))
    if not payment.to_capture:
        change(payment, _covered, world=world)
        return Step("covered")
    gateway = world.gateways.card(payment)
    calls = Calls(
        send=lambda op: gateway.capture(payment, op),
        look_up=lambda op: gateway.lookup(payment, op),
    )
    done = operate(payment, _operations, calls, world=world, taken=taken)
    if done is None:
        return BUSY
    payment, answers = done
    ours: list[bool] = []

    def settle(current: Payment, now: datetime) -> Decision | None:
        decision = _settle(current, answers, now)
        ours[:] = [decision is not None]
        return decision

    payment = release_late(change(payment, settle, world=world), world=world, ask_first=not all(ours))
    waits = payment.status is Status.PROCESSING and payment.open_operations(*_OF_STEP)
    return unknown(payment, *_OF_STEP) if waits else Step(_word(payment))


def _operations(payment: Payment, now: datetime) -> list[Operation]:
    return planned(payment, Kind.CAPTURE, now)


def _word(payment: Payment) -> str:
    if payment.status in PAID:
        return "captured"
    return "declined" if payment.status is Status.CARD_CAPTURE_FAILED else "moved"


def _covered(payment: Payment, now: datetime) -> Decision | None:
    if payment.status is not Status.PROCESSING or payment.ending or payment.to_capture:
        return None
    return Decision(replace(unparked(payment, now), ending=Ending.COVERED))


def _releasing(payment: Payment, answers: dict[str, Answer], now: datetime) -> Payment:
    """With the release of what the gateway still holds written together with the capture that left it."""
    rest = payment.authorised - payment.captured
    if not rest or not any(answer.left for answer in answers.values()):
        return payment
    return payment.with_operation(pending(payment, Kind.VOID, REST, rest, now))


def _settle(payment: Payment, answers: dict[str, Answer], now: datetime) -> Decision | None:
    closed = close(payment, answers, now)
    if closed is None or closed.open_operations(Kind.CAPTURE):
        return None if closed is None else Decision(closed)
    if closed.done(Kind.CAPTURE):
        back = first_try(closed, now)
        if back is not None:  # paid once it is known what became of it
            return Decision(closed.with_operation(back))
        paid = _releasing(closed, answers, now).moved(Status.SUCCESS, now)
        return Decision(paid, [Told(EventType.PAID, Kind.CAPTURE), Told(EventType.CHECKOUT_ENDED, Kind.CAPTURE)])
    refusal = closed.last(Kind.CAPTURE)
    message = refusal.message if refusal and refusal.message else "The card could not be charged"
    failed = replace(
        closed.moved(Status.CARD_CAPTURE_FAILED, now),
        ending=Ending.CAPTURE_FAILED,
        attention=VOUCHER_NOT_REVERSED if kept_by_provider(closed) else closed.attention,
        failure=Failure("capture_failed", message),
    )
    return Decision(failed, [Told(EventType.FAILED, Kind.CAPTURE), Told(EventType.CHECKOUT_ENDED, Kind.CAPTURE)])
