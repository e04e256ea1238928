"""What must happen in time: what is to be done for a payment is done within minutes, beside what trouble there is."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from shared.domain.course import LONGEST_LOOK, needs_flow
from shared.domain.method_course import is_waiting
from shared.domain.payment import AWAITING_CARD, AWAITING_CHOICE, Payment
from tools.simulator.kernel import START
from tools.simulator.stage import Stage

MINUTES: Final = timedelta(minutes=10)


class Turn(Enum):
    """Whose turn it is with a payment."""

    PERSON = "a person's, until the deadline"
    OURS = "ours"
    NOBODY = "nobody's"


def of_write(stage: Stage, before: Payment | None, after: Payment) -> None:
    """Our turn did not last longer than that, nor a person's longer than that past the deadline.

    What was overdue when a person ended it is no younger for that; a turn that came after the deadline is.
    """
    now = START + timedelta(microseconds=stage.kernel.now)
    if before is None:
        stage.turns[after.id] = now
        return
    turn, since = _turn(before), stage.turns[after.id]
    if turn is _turn(after):
        return
    owed = max(since, before.expires_at) if turn is Turn.PERSON else since
    stage.turns[after.id] = min(now, owed) if turn is Turn.PERSON else now
    if turn is not Turn.NOBODY and now > in_time(stage, owed):
        stage.fail(f"{after.id}: {before.status} until {now}, owed since {owed}, and is {after.status}")


def _turn(payment: Payment) -> Turn:
    if payment.is_final:
        return Turn.OURS if needs_flow(payment) else Turn.NOBODY
    waits = payment.status in AWAITING_CARD or payment.status in AWAITING_CHOICE or is_waiting(payment)
    return Turn.PERSON if waits and payment.ending is None else Turn.OURS


def in_time(stage: Stage, since: datetime) -> datetime:
    """When what is due since then has to be done. Waits double, so trouble costs at most its own length again."""
    trouble = START + timedelta(microseconds=stage.storm.last_trouble)
    lasted = max(trouble - since, timedelta())
    return max(since, trouble) + min(lasted, LONGEST_LOOK) + MINUTES
