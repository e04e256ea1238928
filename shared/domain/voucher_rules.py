"""What the law says of meal vouchers at a till, by country and from which day on: data, and nothing but data.

Only what a till can keep is here. What depends on the employee, on tax or on the day's other purchases is its
issuer's to refuse. To add a country or a change of law: a row, and its cases in ``tests/unit/test_voucher_rules.py``.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cache
from typing import Final

from shared.domain.record import dataclass
from shared.domain.voucher import VoucherKind


class ProductRule(StrEnum):
    """What vouchers may pay for; a gateway sees no basket, so that the shop is told."""

    FOOD = "FOOD"  # whatever is food, to be cooked or not
    READY_TO_EAT = "READY_TO_EAT"  # meals, and food that needs no cooking


@dataclass(frozen=True, slots=True)
class Rule:
    """In force in ``country`` from ``since`` on, until its next row.

    ``most``: so many vouchers in one purchase; None: as many as one likes. ``whole``: kinds that are used for their
    whole face value, without change and whatever their issuer says. ``exact``: all are debited to the cent, whatever
    their issuer says. ``most_a_day``: what they may pay in a day, in cents of euro; one purchase pays no more.
    """

    country: str
    since: date
    law: str
    products: ProductRule
    most: int | None = None
    whole: frozenset[VoucherKind] = frozenset()
    exact: bool = False
    most_a_day: int | None = None


_ONE_BY_ONE: Final = frozenset({VoucherKind.SINGLE, VoucherKind.DAILY})
_MEALS: Final = "Code du travail, art. L3262-1 et R3262-10"
_ANY_FOOD: Final = "Code du travail, art. R3262-10; loi 2022-1158, art. 6"
_FOOD, _READY = ProductRule.FOOD, ProductRule.READY_TO_EAT
RULES: Final = (
    Rule("IT", date(2011, 6, 8), "DPR 207/2010, art. 285", _FOOD, most=1, whole=_ONE_BY_ONE),
    Rule("IT", date(2017, 9, 9), "DM 122/2017, art. 4", _FOOD, most=8, whole=_ONE_BY_ONE),
    Rule("FR", date(2014, 4, 2), _MEALS, _READY, exact=True, most_a_day=19_00),
    Rule("FR", date(2022, 8, 18), _ANY_FOOD, _FOOD, exact=True, most_a_day=19_00),
    Rule("FR", date(2022, 10, 1), _ANY_FOOD, _FOOD, exact=True, most_a_day=25_00),
    # Article 6 ended with 2024; loi 2025-56, published on 22 January 2025, prolonged it from the day after on.
    Rule("FR", date(2025, 1, 1), _MEALS, _READY, exact=True, most_a_day=25_00),
    Rule("FR", date(2025, 1, 23), _ANY_FOOD, _FOOD, exact=True, most_a_day=25_00),
    Rule("FR", date(2027, 1, 1), _MEALS, _READY, exact=True, most_a_day=25_00),
    Rule("BE", date(2016, 1, 1), "AR du 28 novembre 1969, art. 19bis", _READY),
)


@cache
def rule_of(country: str, day: date) -> Rule | None:
    """The rule in force there on that day; None where none is written down."""
    rows = [rule for rule in RULES if rule.country == country and rule.since <= day]
    return max(rows, key=lambda rule: rule.since, default=None)
