"""Which of the vouchers that were entered pay, and how much of each: the set that pays most and loses nothing.

Pure, and decided before anything is spent. A voucher that is used whole pays no more than what is left, and what it
is worth beyond that is lost: it is left out then, unless the customer accepts the loss. Why one is left out is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Final

from shared.domain.money import Money, total
from shared.domain.record import dataclass
from shared.domain.voucher import Voucher
from shared.domain.voucher_refusal import VoucherRefusal
from shared.domain.voucher_rules import rule_of

WOULD_BE_LOST = "value_would_be_lost"
TOO_MANY = "too_many_vouchers"
PAYS_NO_MORE = "voucher_limit_reached"
PART_REACHED = "voucher_amount_reached"
NOTHING_LEFT = "nothing_left_to_pay"
LEFT_OUT = frozenset({WOULD_BE_LOST, TOO_MANY, PAYS_NO_MORE, PART_REACHED, NOTHING_LEFT})


@dataclass(frozen=True, slots=True)
class Why:
    """Why a voucher is left out: a code for programs and a text in English."""

    code: str
    text: str


_NOTHING_LEFT: Final = Why(NOTHING_LEFT, "Nothing is left to pay")


@dataclass(frozen=True, slots=True)
class Fit:
    """What to spend of each voucher by its reference, and why the others are left out. ``lost`` is nobody's."""

    spends: Mapping[str, Money]
    left_out: Mapping[str, Why]
    paid: Money
    lost: Money


def day_of(now: datetime) -> date:
    """The day that it is at a till: laws begin at midnight in Rome, Paris and Brussels, in the time of the winter."""
    return (now + timedelta(hours=1)).date()


def is_whole(voucher: Voucher, day: date) -> bool:
    """Whether the voucher is used up whatever is spent of it, by its issuer's word or by law."""
    rule = rule_of(voucher.country, day)
    if rule is not None and rule.exact:
        return False
    return not voucher.divisible or (rule is not None and voucher.kind in rule.whole)


def best_fit(
    vouchers: Sequence[Voucher],
    due: Money,
    day: date,
    *,
    most: Money | None = None,
    before: Sequence[Voucher] = (),
    accepts_loss: bool = False,
) -> Fit:
    """The set of ``vouchers`` that pays most of ``due``; of two such sets the one with fewer, then the earlier ones.

    ``most`` is what of ``due`` vouchers may pay, whatever the rest is for; None: all of it. ``before`` are those that
    pay a part of the purchase already. At most as many vouchers as one choice may have: every set is looked at.
    """
    part = due if most is None else min(due, most)
    best = _Set((), (), due.zero(), due.zero())
    for some in _sets(vouchers):
        tried = _tried(some, part, day, before)
        if tried is not None and (accepts_loss or not tried.lost) and tried.rank > best.rank:
            best = tried
    spends = {voucher.reference: amount for voucher, amount in zip(best.vouchers, best.amounts, strict=True)}
    rest = [voucher for voucher in vouchers if voucher.reference not in spends]
    full = Why(PART_REACHED, "Vouchers pay no more of this purchase") if part < due else _NOTHING_LEFT
    left_out = {voucher.reference: _why(voucher, best, part, day, before, full) for voucher in rest}
    return Fit(spends, left_out, best.paid, best.lost)


@dataclass(frozen=True, slots=True)
class _Set:
    """Some of the vouchers, what is spent of each, and what of their worth would be lost."""

    vouchers: tuple[Voucher, ...]
    amounts: tuple[Money, ...]
    paid: Money
    lost: Money

    @property
    def rank(self) -> tuple[int, int, int]:
        return (self.paid.minor, -self.lost.minor, -len(self.vouchers))


def _sets(vouchers: Sequence[Voucher]) -> Iterator[tuple[Voucher, ...]]:
    for many in range(1, len(vouchers) + 1):
        yield from combinations(vouchers, many)


def _tried(some: tuple[Voucher, ...], due: Money, day: date, before: Sequence[Voucher]) -> _Set | None:
    """What comes of spending exactly these, whole ones first; None when a rule or nothing left stands against it."""
    if any(_too_many(voucher, (*before, *some), day) for voucher in some):
        return None
    left, lost, amounts = due, due.zero(), dict[str, Money]()
    room = {country: _room(country, due, day, before) for country in {voucher.country for voucher in some}}
    for voucher in sorted(some, key=lambda each: not is_whole(each, day)):
        may = room[voucher.country]
        amount = min(voucher.value, left, may) if may is not None else min(voucher.value, left)
        if not amount:
            return None
        if is_whole(voucher, day):
            lost = lost + (voucher.value - amount)
        amounts[voucher.reference], left = amount, left - amount
        room[voucher.country] = may - amount if may is not None else None
    ordered = tuple(amounts[voucher.reference] for voucher in some)
    return _Set(some, ordered, due - left, lost)


def _why(voucher: Voucher, best: _Set, due: Money, day: date, before: Sequence[Voucher], full: Why) -> Why:
    """``full`` is why where nothing of ``due`` is left."""
    rule = rule_of(voucher.country, day)
    if not voucher.value:
        return Why(VoucherRefusal.USED, VoucherRefusal.USED.text)
    left = due - best.paid
    if not left:
        return full
    if most := _too_many(voucher, (*before, *best.vouchers, voucher), day):
        by = f" ({rule.law})" if rule is not None and rule.most == most else ""
        return Why(TOO_MANY, f"At most {most} such vouchers are taken in one purchase{by}")
    may = _room(voucher.country, due, day, (*before, *_spent(best)))
    if may is not None and not may and rule is not None:
        return Why(PAYS_NO_MORE, f"Such vouchers pay no more in a day ({rule.law})")
    amount = min(voucher.value, left, may) if may is not None else min(voucher.value, left)
    return Why(WOULD_BE_LOST, f"{(voucher.value - amount).major} {due.currency} of the voucher would be lost")


def _spent(best: _Set) -> list[Voucher]:
    return [replace(each, spend=amount) for each, amount in zip(best.vouchers, best.amounts, strict=True)]


def _too_many(voucher: Voucher, together: Sequence[Voucher], day: date) -> int:
    """How many of its kind may be used in one purchase, if ``together`` are more; else 0."""
    rule = rule_of(voucher.country, day)
    by_law = rule.most if rule is not None else None
    if by_law and sum(each.country == voucher.country for each in together) > by_law:
        return by_law
    own = voucher.most
    return own if own and sum(each.provider == voucher.provider for each in together) > own else 0


def _room(country: str, due: Money, day: date, before: Sequence[Voucher]) -> Money | None:
    """What vouchers of that country may still pay of this purchase; None: as much as one likes."""
    rule = rule_of(country, day)
    if rule is None or rule.most_a_day is None or due.currency != "EUR":
        return None
    used = total([voucher.spend for voucher in before if voucher.country == country], due)
    return Money(max(rule.most_a_day - used.minor, 0), due.currency)
