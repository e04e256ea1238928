"""What the people of one simulation intend: drawn from the seed before anything happens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Final

from shared.domain.payment import Mode, Tender
from tools.simulator.errands import (
    DisputePlan,
    Errand,
    LinkPlan,
    MethodPlan,
    PresentedPlan,
    WalletPlan,
    dispute_drawn,
    link_drawn,
    method_drawn,
    presented_drawn,
    wallet_drawn,
)
from tools.simulator.order_errand import OrderPlan, order_drawn

if TYPE_CHECKING:
    from shared.domain.abilities import Abilities

GOOD_CARDS: Final = ("4242424242424242", "5555555555554444", "4000002500003155", "4000000000000119")
HOLDS_ON: Final = "4000000000000077"
AGREES: Final = "4000000000000093"
UNDECIDED: Final = "4000000000000101"
BOOKED_LATER: Final = {23: "4000000000000150", 43: "4000000000000168"}  # and stands, or is returned
OTHER_AMOUNT: Final = "4000000000000143"
REFUSED_LATER: Final = ("4000000000000135", "4000000000000127")  # when its hold is asked for, by its bank
ODD_CARDS: Final = ("4000000000000341", "4000000000005126", "4000000000000259")
DECLINED: Final = ("4000000000000002", "4000000000009995", "4000000000000069")
GOOD_CODES: Final = ("A1", "A2", "A3", "B1", "B2", "SPENDLOST1", "SPENDLOST2", "NOTIFYFAIL1", "NOREVERSE1", "WHOLE1")
BAD_CODES: Final = ("INVALID1", "EXPIRED1", "USED1", "SPENDFAIL1", "SPENDFAIL2", "SPENDFAIL3")
AMOUNTS: Final = {"EUR": (100_00, 150_00, 37_21, 1), "JPY": (12_000, 9_999), "KWD": (12_345, 100_000)}


@dataclass(frozen=True, slots=True)
class CardTry:
    """One card on the page; ``browser`` and ``server`` say after how many seconds each brings the news again.

    ``stubborn`` customers use a page that stayed open in another tab after the payment was over.
    """

    number: str
    think: float
    passes: bool
    stubborn: bool
    browser: tuple[float, ...]
    server: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    tender: Tender
    otps: tuple[str, ...]
    think: float
    accepts_loss: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """The merchant's direct capture or void; ``part`` is a fraction in hundredths of the amount."""

    tender: Tender
    at: float
    part: int | None


@dataclass(frozen=True, slots=True)
class Refund:
    """``part`` in hundredths of the amount; None for all that is left."""

    after: float  # seconds since the payment was paid
    part: int | None


@dataclass(frozen=True, slots=True)
class Reloads:
    """A customer's page that is loaded again ``times`` times, every ``seconds``."""

    at: float
    seconds: float
    times: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One payment and everything anybody will try to do with it."""

    name: str
    opens_at: float
    mode: Mode
    currency: str
    amount: int
    cards: tuple[CardTry, ...]
    cancels_at: float | None
    choices: tuple[Choice, ...]
    calls: tuple[Call, ...]
    refunds: tuple[Refund, ...]
    reloads: tuple[Reloads, ...]
    link: LinkPlan | None = None
    wallet: WalletPlan | None = None
    dispute: DisputePlan | None = None
    method: MethodPlan | None = None
    presented: PresentedPlan | None = None
    order: OrderPlan | None = None
    most_by_voucher: int | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    plans: tuple[Plan, ...]
    closes_pages: bool  # whether the card gateway can close a page
    checkout_seconds: int
    errand: Errand
    lose_rate: float  # how likely the service loses an execution, at each of its steps


def drawn(random: Random, payments: int, errand: Errand) -> Scenario:
    plans = tuple(_with_rarer_cards(_plan(random, "ABC"[n])) for n in range(payments))
    return Scenario(
        tuple(fitting(plan, errand, random) for plan in plans),
        errand=errand,
        closes_pages=random.random() < 0.8,
        checkout_seconds=random.choice((300, 900, 1800)),
        lose_rate=random.choice((0.0, 0.0, 0.0, 0.02, 0.1)),
    )


def within(scenario: Scenario, abilities: Abilities) -> Scenario:
    """The same at a gateway that saves no cards, or does not take every currency."""
    plans = tuple(_possible(plan, abilities) for plan in scenario.plans)
    walks = scenario.errand is Errand.WALLET and not abilities.tokens
    return replace(scenario, plans=plans, errand=Errand.CHECKOUT if walks else scenario.errand)


def _possible(plan: Plan, abilities: Abilities) -> Plan:
    if not abilities.tokens and plan.mode is Mode.SALE_WITH_TOKENIZATION:
        plan = replace(plan, mode=Mode.SALE_DIRECT, wallet=None)
    if abilities.currencies is not None and plan.currency not in abilities.currencies:
        plan = replace(plan, currency="EUR")
    return plan


def _plan(random: Random, name: str) -> Plan:
    currency = random.choice(("EUR", "EUR", "EUR", "EUR", "JPY", "KWD"))
    amount = random.choice(AMOUNTS[currency])
    modes = (*(Mode.PREAUTH_VOUCHER_CAPTURE,) * 8, Mode.SALE_DIRECT, Mode.SALE_WITH_TOKENIZATION)
    return Plan(
        name=name,
        opens_at=random.uniform(0, 60),
        mode=random.choice(modes),
        currency=currency,
        amount=amount,
        cards=tuple(_card(random, number) for number in _numbers(random)),
        cancels_at=random.uniform(1, 300) if random.random() < 0.07 else None,
        choices=_choices(random, amount),
        calls=tuple(_call(random) for _ in range(random.choice((0, 0, 0, 0, 1, 2)))),
        refunds=tuple(_refund(random) for _ in range(random.choice((0, 0, 1, 2, 3, 5)))),
        reloads=tuple(_reloads(random) for _ in range(random.choice((0, 0, 1, 2)))),
    )


def _with_rarer_cards(plan: Plan) -> Plan:
    """In some plans cards do rarer things. The moment of opening says which, so that it costs nobody a draw."""
    moment = int(plan.opens_at * 1000)
    rarer = dict.fromkeys(DECLINED, REFUSED_LATER[moment % 24 // 12]) if moment % 12 == 5 else {}
    good = HOLDS_ON if moment % 3 == 0 else {10: AGREES, 1: UNDECIDED}.get(moment % 12)
    good = {41: OTHER_AMOUNT, **BOOKED_LATER}.get(moment % 60, good)
    rarer |= dict.fromkeys(GOOD_CARDS[:2], good) if good else {}
    return replace(
        plan, cards=tuple(replace(card, number=rarer.get(card.number, card.number)) for card in plan.cards)
    )


def fitting(plan: Plan, errand: Errand, random: Random) -> Plan:
    """The plan for another errand than a checkout. A checkout's draws stay as they are."""
    if errand is Errand.LINK:
        return replace(plan, mode=Mode.PREAUTH_VOUCHER_CAPTURE, calls=(), link=link_drawn(random))
    if errand is Errand.WALLET:
        last = _card(random, random.choice((*GOOD_CARDS, "4000000000000341")))
        cards = tuple(card for card in plan.cards if card.number in DECLINED)
        wallet = wallet_drawn(random)
        return replace(plan, mode=Mode.SALE_WITH_TOKENIZATION, cards=(*cards, last), calls=(), wallet=wallet)
    if errand is Errand.PRESENTED:
        return replace(plan, mode=Mode.SALE_DIRECT, cards=(), choices=(), calls=(), presented=presented_drawn(random))
    if errand is Errand.ORDER:
        return replace(plan, mode=Mode.SALE_DIRECT, cards=(), choices=(), calls=(), order=order_drawn(random))
    if errand is Errand.METHOD:
        return replace(plan, mode=Mode.ALTERNATIVE, cards=(), choices=(), calls=(), method=method_drawn(random))
    if errand is Errand.DISPUTE:
        refunds = (*plan.refunds, *(_refund(random) for _ in range(random.choice((1, 2)))))
        return replace(plan, refunds=refunds, dispute=dispute_drawn(random))
    return plan


def _numbers(random: Random) -> list[str]:
    declined = [random.choice(DECLINED) for _ in range(random.choice((0, 0, 0, 1, 2)))]
    last = random.choice((*GOOD_CARDS * 3, *ODD_CARDS, ""))
    return [*declined, *([last] if last else [])]


def _card(random: Random, number: str) -> CardTry:
    think = random.uniform(1, 30) if random.random() < 0.9 else random.uniform(200, 2500)
    return CardTry(
        number=number,
        think=think,
        passes=random.random() < 0.8,
        stubborn=random.random() < 0.4,
        browser=tuple(random.uniform(0, 20) for _ in range(random.choice((0, 1, 1, 2)))),
        server=tuple(random.uniform(0, 900) for _ in range(random.choice((0, 0, 1, 2)))),
    )


def _choices(random: Random, amount: int) -> tuple[Choice, ...]:
    if random.random() < 0.12:
        # In a hurry: a good code beside one that fails at spending, and at once another good one.
        first = (_code("A1", amount, (3, 3)), _code("SPENDFAIL1", amount, (3, 3)))
        return Choice(Tender.VOUCHERS, first, 1.0), Choice(Tender.VOUCHERS, (_code("B1", amount, (3, 3)),), 0.0)
    return tuple(_choice(random, amount) for _ in range(random.choice((0, 1, 1, 2, 2, 3, 3, 4))))


def _choice(random: Random, amount: int) -> Choice:
    think = random.choice((0.0, 1.0, random.uniform(0, 30))) if random.random() < 0.93 else random.uniform(200, 2000)
    if random.random() < 0.25:
        return Choice(Tender.CARD_ONLY, (), think)
    serials = random.sample(GOOD_CODES, random.choice((0, 1, 1, 2, 2, 3)))
    serials += random.sample(BAD_CODES, random.choice((0, 0, 0, 1)) if serials else 1)
    random.shuffle(serials)
    worth = random.choice(((10, 10), (3, 10), (2, 3), (1, 2)))
    return Choice(Tender.VOUCHERS, tuple(_code(serial, amount, worth) for serial in serials), think)


def _code(serial: str, amount: int, worth: tuple[int, int]) -> str:
    return f"V{max(amount // worth[len(serial) % 2], 1)}-{serial}"


def _reloads(random: Random) -> Reloads:
    if random.random() < 0.03:
        return Reloads(random.uniform(1, 100), 25.0, 400)
    return Reloads(random.uniform(1, 600), random.uniform(1, 60), random.choice((1, 3)))


def _call(random: Random) -> Call:
    if random.random() < 0.5:
        return Call(Tender.VOID, random.uniform(0, 400), None)
    return Call(Tender.CAPTURE, random.uniform(0, 400), random.choice((None, 100, 60, 1, 130)))


def _refund(random: Random) -> Refund:
    return Refund(random.choice((0.0, 0.01, random.uniform(0, 300))), random.choice((None, 100, 50, 30, 10, 1)))
