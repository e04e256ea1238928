"""How one operation is carried out: written before it is sent, asked about when its answer was lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.errors import NobodyKnows, OutcomeUnknown, Unavailable
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Payment
from shared.domain.record import dataclass
from shared.ports.world import World
from shared.usecases.payment.changing import Decision, change, unparked

UNKNOWN: Final = Answer(State.UNKNOWN)
FOR_A_PERSON: Final = Answer(State.UNKNOWN, for_a_person=True)
NOT_SENT: Final = Answer(State.REFUSED, "not_sent", "Not sent: another voucher of the same choice was refused")
BUSY_SECONDS: Final = 2


@dataclass(frozen=True, slots=True)
class Step:
    """What a flow step answers the state machine: a word, and how long to wait if it has to."""

    word: str
    wait_seconds: int = 0


def send(call: Callable[[], Answer]) -> Answer:
    """Make the call. No answer, or a gateway that is down, is UNKNOWN: the next visit asks before it acts."""
    try:
        return call()
    except (OutcomeUnknown, Unavailable):
        return UNKNOWN


def ask(look_up: Callable[[], Answer | None], operation: Operation) -> Answer | None:
    """What became of an earlier call of ``operation``; None when it surely never arrived and may be sent (same key).

    What was given to a person is sent by nobody any more: they may have looked before, and say so afterwards.
    """
    try:
        answer = look_up()
        return FOR_A_PERSON if answer is None and operation.for_a_person else answer
    except NobodyKnows:
        return FOR_A_PERSON
    except (OutcomeUnknown, Unavailable):
        return UNKNOWN


Plan = Callable[[Payment, datetime], list[Operation]]
BUSY: Final = Step("unknown", BUSY_SECONDS)


def unknown(payment: Payment, *kinds: Kind) -> Step:
    """Wait as long as the operation that was asked about least wants to."""
    waits = [operation.wait_seconds for operation in payment.open_operations(*kinds)]
    return Step("unknown", max(min(waits, default=BUSY_SECONDS), BUSY_SECONDS))


@dataclass(frozen=True, slots=True)
class Calls:
    """How one operation is sent, and how the other side is asked about it."""

    send: Callable[[Operation], Answer]
    look_up: Callable[[Operation], Answer | None]


def operate(
    payment: Payment,
    plan: Plan,
    calls: Calls,
    *,
    world: World,
    taken: bool = False,
    stop_at_refusal: bool = False,
    steps: bool = True,
) -> tuple[Payment, dict[str, Answer]] | None:
    """Write what ``plan`` wants as PENDING, then send each, or ask about it if an earlier visit wrote it.

    Returns the payment and the answers by key, for the caller to write; None when another call, perhaps
    still running, wrote or took them up moments ago. ``plan`` is asked again whenever somebody else wrote first,
    and wants nothing when the payment has moved on. With ``stop_at_refusal`` what follows a refusal is not sent.
    ``taken`` says that ``payments.take`` has just written what ``plan`` wants. ``steps`` says that a step of the flow
    does this, so that no machine is parked meanwhile; without it a machine that is parked stays so.
    """
    if taken:
        fresh = [op.key for op in plan(payment, world.now())]
        return payment, _answers(payment, plan, calls, fresh, world=world, stop_at_refusal=stop_at_refusal)
    claimed = _claimed(payment, plan, world=world, steps=steps)
    if claimed is None:
        return None
    payment, fresh = claimed
    return payment, _answers(payment, plan, calls, fresh, world=world, stop_at_refusal=stop_at_refusal)


def _claimed(payment: Payment, plan: Plan, *, world: World, steps: bool) -> tuple[Payment, list[str]] | None:
    """The payment with the plan on record, and the keys that were not there before; None when it is another's."""
    fresh: list[str] = []
    busy: list[bool] = []

    def claim(current: Payment, now: datetime) -> Decision | None:
        wanted = [(op, current.operation(op.key)) for op in plan(current, now)]
        busy[:] = [stored is not None and stored.is_someone_elses(now) for _, stored in wanted]
        fresh[:] = [op.key for op, stored in wanted if stored is None]
        # Taken up in the record too: nobody may call it not sent while this call can still send it.
        ours = [
            replace(stored, taken_at=now) if stored else op for op, stored in wanted if not stored or stored.is_open
        ]
        if any(busy) or not ours:
            return None
        for operation in ours:
            current = current.with_operation(operation)
        return Decision(unparked(current, now) if steps else current)

    payment = change(payment, claim, world=world)
    return None if any(busy) else (payment, fresh)


def _answers(
    payment: Payment, plan: Plan, calls: Calls, fresh: list[str], *, world: World, stop_at_refusal: bool
) -> dict[str, Answer]:
    wanted = [payment.operation(op.key) or op for op in plan(payment, world.now())]
    answers: dict[str, Answer] = {}
    refused = any(op.state is State.REFUSED for op in wanted)
    for operation in [op for op in wanted if op.is_open]:
        refused = refused or any(answer.state is State.REFUSED for answer in answers.values())
        if stop_at_refusal and refused:
            answers[operation.key] = NOT_SENT if operation.key in fresh else _settled(operation, calls, send_it=False)
        elif operation.key in fresh:
            answers[operation.key] = send(lambda op=operation: calls.send(op))  # type: ignore[misc]
        else:
            answers[operation.key] = _settled(operation, calls, send_it=True)
    return answers


def _settled(operation: Operation, calls: Calls, *, send_it: bool) -> Answer:
    answer = ask(lambda: calls.look_up(operation), operation)
    if answer is not None:
        return answer
    return send(lambda: calls.send(operation)) if send_it else NOT_SENT


def close(payment: Payment, answers: dict[str, Answer], now: datetime) -> Payment | None:
    """The payment with the answers in its journal; None when each of them was closed by somebody else."""
    still_open = [op for op in payment.operations if op.key in answers and op.is_open]
    if not still_open:
        return None
    payment = replace(payment, heard_at=now)
    for operation in still_open:
        payment = payment.with_operation(operation.closed(answers[operation.key], now))
    return payment
