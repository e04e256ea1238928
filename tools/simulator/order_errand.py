"""An order: who pays it with which cards, at once or one after the other, and what its merchant does meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tools.simulator.errands import PresentedPlan, presented_drawn


@dataclass(frozen=True, slots=True)
class Shopping:
    """One window in which the order is paid: when it is opened, and the cards brought one after the other."""

    at: float
    cards: tuple[PresentedPlan, ...]


@dataclass(frozen=True, slots=True)
class OrderPlan:
    """An order that lasts so many seconds; ``frees_at`` is when its merchant ends whatever payment is under way."""

    lasts: int
    shopping: tuple[Shopping, ...]
    asks_at: tuple[float, ...]
    frees_at: tuple[float, ...]


def order_drawn(random: Random) -> OrderPlan:
    lasts = random.choice((90, 900, 5000))
    together = random.random() < 0.5
    return OrderPlan(
        lasts=lasts,
        shopping=tuple(
            Shopping(
                at=0.0 if together else random.uniform(0, lasts * 0.9),
                cards=tuple(presented_drawn(random) for _ in range(random.choice((1, 2, 3)))),
            )
            for _ in range(random.choice((1, 2, 2, 3, 4)))
        ),
        asks_at=tuple(random.uniform(0, lasts * 1.3) for _ in range(random.choice((0, 1, 2)))),
        frees_at=tuple(random.uniform(0, lasts) for _ in range(random.choice((0, 0, 1, 2)))),
    )
