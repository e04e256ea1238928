"""What must happen in time: what is to be done for a payment is done within minutes, beside what trouble there is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from shared.domain.course import LONGEST_LOOK, needs_flow
from shared.domain.payment import AWAITING_CARD, AWAITING_CHOICE, Payment
from tools.simulator.kernel import START

if TYPE_CHECKING:
    from tools.simulator.simulation import Simulation

MINUTES: Final = timedelta(minutes=10)


def of_write(simulation: Simulation, before: Payment | None, after: Payment) -> None:
    """A payment that was under way, or waited past its deadline, was not so for longer than that."""
    now = START + timedelta(microseconds=simulation.kernel.now)
    # A link's payment has the times of its reservation, which may be long ago when it is written.
    over = max(after.expires_at if before is None else before.expires_at, simulation.opened.setdefault(after.id, now))
    if before is not None and _waits(before) and not _waits(after) and now > _in_time(simulation, over):
        simulation.fail(f"{after.id}: waited until {now}, long after {over}, and is {after.status}")
    if _is_under_way(after):
        simulation.under_way.setdefault(after.id, now)
        return
    since = simulation.under_way.pop(after.id, now)
    if now > _in_time(simulation, since):
        simulation.fail(f"{after.id}: was under way from {since} to {now}, and is {after.status}")


def _waits(payment: Payment) -> bool:
    """Whether it is a person's turn."""
    return payment.ending is None and (payment.status in AWAITING_CARD or payment.status in AWAITING_CHOICE)


def _is_under_way(payment: Payment) -> bool:
    return needs_flow(payment) if payment.is_final else not _waits(payment)


def _in_time(simulation: Simulation, since: datetime) -> datetime:
    """When what is due since then has to be done. Waits double, so trouble costs at most its own length again."""
    trouble = START + timedelta(microseconds=simulation.storm.last_trouble)
    lasted = max(trouble - since, timedelta())
    return max(since, trouble) + min(lasted, LONGEST_LOOK) + MINUTES
