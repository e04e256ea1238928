"""What a simulation is about: a checkout, a payment link, or a customer's saved cards; and who does what there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Errand(StrEnum):
    CHECKOUT = "checkout"
    LINK = "link"
    WALLET = "wallet"


def errand_of(seed: int) -> Errand:
    """Two worlds of eight are about links and saved cards."""
    return {5: Errand.LINK, 6: Errand.WALLET}.get(seed % 8, Errand.CHECKOUT)


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """A payment link: seconds it lasts, when people open it, how often each comes back, when it is withdrawn."""

    lasts: int
    visits_at: tuple[float, ...]
    visits: int
    cancels_at: float | None
    asks_at: tuple[float, ...]  # the merchant asks what became of it


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge of the saved card; ``part`` in hundredths of the first payment, ``refund`` of what was charged."""

    at: float
    part: int
    refund: int | None


@dataclass(frozen=True, slots=True)
class WalletPlan:
    """A saved card: how many at once save it, what is charged to it, when it is deleted and saved again."""

    saves: int
    charges: tuple[Charge, ...]
    defaults_at: float | None
    deletes_at: float | None


def link_drawn(random: Random) -> LinkPlan:
    lasts = random.choice((120, 600, 2000, 7200))
    return LinkPlan(
        lasts=lasts,
        visits_at=tuple(random.uniform(0, lasts * 0.9) for _ in range(random.choice((1, 1, 2, 2, 3)))),
        visits=random.choice((1, 2, 3)),
        cancels_at=random.uniform(1, lasts) if random.random() < 0.3 else None,
        asks_at=tuple(random.uniform(0, lasts * 1.3) for _ in range(random.choice((0, 0, 1, 2)))),
    )


def wallet_drawn(random: Random) -> WalletPlan:
    charges = tuple(
        Charge(random.uniform(0, 300), random.choice((5, 50, 100)), random.choice((None, None, 40, 100)))
        for _ in range(random.choice((1, 2, 3, 4)))
    )
    return WalletPlan(
        saves=random.choice((1, 1, 2, 3)),
        charges=charges,
        defaults_at=random.uniform(0, 300) if random.random() < 0.3 else None,
        deletes_at=random.uniform(0, 400) if random.random() < 0.6 else None,
    )
