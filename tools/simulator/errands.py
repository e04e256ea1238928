"""What a simulation is about: a checkout, a link, an order, cards, a dispute, a method; who does what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

from shared.adapters.card_gateways.sandbox_cards import CHALLENGE_OTP
from shared.domain.dispute import CLOSED
from shared.domain.method import Action, MethodKind
from shared.domain.statuses import DisputeStatus

OF_A_GATEWAY: Final = 10**9  # so many worlds each card gateway has, the sandbox the first of them
FROM_STRIPES: Final = OF_A_GATEWAY // 20 * 19  # the last twentieth of the sandbox's: methods of another provider
TAKE_ANSWERS: Final = frozenset({2, 3})  # the places of those gateways that take answers to disputes by an API
TAKE_CARDS: Final = frozenset({2})  # and of those that take cards which a merchant's server presents
PRESENTED: Final = (  # and whether its bank asks for a code
    ("4532491111111111", False),
    ("3469122222222222", True),
    ("4532271111111112", False),
    ("3790802222222223", True),
    ("4000000000000119", False),
    ("4000000000005126", False),
)


class Errand(StrEnum):
    CHECKOUT = "checkout"
    LINK = "link"
    WALLET = "wallet"
    DISPUTE = "dispute"
    METHOD = "method"
    PRESENTED = "presented"
    ORDER = "order"


def rings_in(seed: int) -> bool:
    """In one world of sixteen the gateway's own word is a bell, after which everything open is asked about.

    An acquirer's always is.
    """
    return seed % 16 == 0 or seed >= OF_A_GATEWAY


def errand_of(seed: int) -> Errand:
    """Four of eight worlds are about methods, disputes, links, saved cards; one about orders and presented cards.

    All are about methods where another provider than the sandbox has them.

    At an acquirer a half are about links and saved cards, and one of sixteen about disputes where it takes answers,
    one about presented cards where it takes them.
    """
    if seed >= OF_A_GATEWAY:
        if seed % 16 == 10 and seed // OF_A_GATEWAY in TAKE_CARDS:
            return Errand.PRESENTED
        if seed % 16 == 14 and seed // OF_A_GATEWAY in TAKE_ANSWERS:
            return Errand.DISPUTE
        return (Errand.CHECKOUT, Errand.LINK, Errand.CHECKOUT, Errand.WALLET)[seed % 4]
    if seed >= FROM_STRIPES:
        return Errand.METHOD
    if seed % 16 in (9, 15):
        return Errand.PRESENTED if seed % 16 == 9 else Errand.ORDER
    return {2: Errand.METHOD, 4: Errand.DISPUTE, 5: Errand.LINK, 6: Errand.WALLET}.get(seed % 8, Errand.CHECKOUT)


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


@dataclass(frozen=True, slots=True)
class BankWord:
    """One message of the bank: said ``at`` seconds after the payment, about ``part`` hundredths of it.

    It arrives once for each of ``arrives``, so many seconds later; ``deadline`` is in seconds after it was said.
    """

    status: DisputeStatus
    at: float
    part: int
    deadline: float | None
    reopens: bool
    arrives: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class DisputePlan:
    """What the bank says in the end, and when the merchant answers."""

    story: tuple[BankWord, ...]
    answers_at: tuple[float, ...]

    def decision(self, heard: frozenset[int]) -> DisputeStatus | None:
        """What the bank has decided as far as those of the story were ``heard``; None while it has not."""
        decision = None
        for n, word in enumerate(self.story):
            if n in heard and (word.reopens or word.status in CLOSED):
                decision = None if word.reopens else word.status
        return decision


@dataclass(frozen=True, slots=True)
class Arrival:
    """Money at a method's provider, ``part`` in hundredths of what is due; who rings after it, and how late."""

    at: float
    part: int
    rings: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class MethodPlan:
    """A payment by a method that lasts ``seconds``; ``behaviour`` is a name that the sandbox's provider knows.

    ``code`` is the method's, where its provider asks which one it is.
    """

    kind: MethodKind
    seconds: int
    behaviour: str
    begins_at: tuple[float, ...]
    changes_mind_at: float | None
    arrivals: tuple[Arrival, ...]
    acts: Action | None  # how its provider ends it by itself
    acts_at: float
    by_card_at: tuple[float, ...] = ()  # the customer goes to a card page instead, and enters a card there
    leaves_card_at: float | None = None
    code: str = ""


def dispute_drawn(random: Random) -> DisputePlan:
    says = DisputeStatus
    turns = [(says.OPEN, False)]
    turns += [(says.EVIDENCE_REQUIRED, False)] if random.random() < 0.5 else []
    end = random.choice((says.WON, says.LOST, says.LOST, says.CANCELLED, None))
    if end is not None:
        turns.append((end, False))
        turns += [(says.EVIDENCE_REQUIRED, True)] if random.random() < 0.4 else []
        turns += [(random.choice((says.WON, says.LOST)), False)] if turns[-1][1] and random.random() < 0.7 else []
    at = random.choice((0.0, random.uniform(0, 5), random.uniform(0, 300)))
    story = []
    for status, reopens in turns:
        story.append(_word(random, status, at, reopens))
        at += random.choice((random.uniform(1, 30), random.uniform(1, 3000)))
    answers = tuple(random.uniform(0, 3000) for _ in range(random.choice((0, 1, 1, 2))))
    return DisputePlan(tuple(story), answers)


def _word(random: Random, status: DisputeStatus, at: float, reopens: bool) -> BankWord:
    delays = (0.0, random.uniform(0, 30), random.uniform(0, 6000))
    return BankWord(
        status=status,
        at=at,
        part=random.choice((100, 100, 60, 30, 1)),
        deadline=random.choice((None, 60.0, 900.0, 5000.0, 90_000.0)),
        reopens=reopens,
        arrives=tuple(random.choice(delays) for _ in range(random.choice((1, 1, 2)))),
    )


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


def _arrivals(random: Random, seconds: int) -> tuple[Arrival, ...]:
    parts = random.choice(((100,), (100,), (100,), (100, 100), (40,), (40, 60), (40, 60, 100), (130,), ()))
    return tuple(
        Arrival(
            at=random.choice((random.uniform(1, 200), random.uniform(0, seconds * 1.15))),
            part=part,
            rings=tuple(random.uniform(0, 60) for _ in range(random.choice((0, 1, 1, 2)))),
        )
        for part in parts
    )


@dataclass(frozen=True, slots=True)
class HolderAnswer:
    """What the holder of a presented card says to their bank, from whichever window; None: nothing is asked."""

    at: float
    code: str | None


@dataclass(frozen=True, slots=True)
class PresentedPlan:
    """A card that the merchant's server presents; ``intrudes_at`` is when somebody tries another one on its page."""

    number: str
    answers: tuple[HolderAnswer, ...]
    news_at: tuple[float, ...]
    intrudes_at: float | None


def presented_drawn(random: Random) -> PresentedPlan:
    number, asks = random.choice(PRESENTED)
    right = CHALLENGE_OTP if asks else None
    at, answers = random.uniform(0.5, 20), []
    for code in random.choice(
        ((right,), (right,), (right, right), ("000000", right), ("000000",) * 4, (None, right), ())
    ):
        answers.append(HolderAnswer(at, code))
        at += random.choice((0.0, random.uniform(0, 30), random.uniform(0, 2000)))
    return PresentedPlan(
        number,
        answers=tuple(answers),
        news_at=tuple(random.uniform(0, 900) for _ in range(random.choice((0, 1, 2)))),
        intrudes_at=random.uniform(0, 100) if random.random() < 0.3 else None,
    )


def method_drawn(random: Random) -> MethodPlan:
    seconds = random.choice((600, 3600, 3 * 86_400))
    by_card_at = tuple(random.uniform(0, 100) for _ in range(random.choice((0, 0, 1, 1, 2))))
    return MethodPlan(
        kind=random.choice((MethodKind.ONLINE, MethodKind.ONLINE, MethodKind.CASH, MethodKind.CRYPTO)),
        seconds=seconds,
        behaviour=random.choice(("Rossi", "Rossi", "Rossi", "BEGINLOST", "REFUNDLOST", "REFUNDFAIL")),
        begins_at=tuple(random.uniform(0, 5) for _ in range(random.choice((0, 1, 1, 1, 2, 6)))),
        changes_mind_at=random.uniform(0, 10) if random.random() < 0.3 else None,
        arrivals=_arrivals(random, seconds),
        acts=random.choice((None, None, None, Action.REJECT, Action.FAIL, Action.EXPIRE)),
        acts_at=random.uniform(1, seconds),
        by_card_at=by_card_at,
        leaves_card_at=by_card_at[0] + random.uniform(0, 40) if by_card_at and random.random() < 0.6 else None,
    )
