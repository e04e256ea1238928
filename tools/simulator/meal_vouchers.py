"""What vouchers do in some plans: they pay a part alone, are under a law, are many, or come back on another day.

The moment of opening says which, so that it costs nobody a draw; and at rest, what the law and the shop let them pay.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from shared.domain.payment import Tender
from shared.domain.voucher import MAX_VOUCHERS_PER_CHOICE
from shared.domain.voucher_plan import day_of, is_whole
from shared.domain.voucher_rules import rule_of

if TYPE_CHECKING:
    from shared.domain.payment import Payment
    from tools.simulator.plan import Choice, Plan, Scenario
    from tools.simulator.stage import Stage

PARTS: Final = {0: 0, 2: 20, 5: 55, 7: 3, 9: 100}  # of eleven plans: hundredths of the amount that vouchers may pay
LAWS: Final = {3: "ITALY", 7: "FRANCE", 13: "ITALY"}  # of sixteen plans
ASKED: Final = 13  # whose customer gives up what is lost when asked
BOOK: Final = 10  # tickets that somebody hands over at once, two more than the law takes
NEXT_DAY: Final = 86_400.0
_SERIAL: Final = re.compile(r"(?<=-)[AB][123]$")


def with_rarer_vouchers(scenario: Scenario) -> Scenario:
    return replace(scenario, plans=tuple(_rarer(plan) for plan in scenario.plans))


def _rarer(plan: Plan) -> Plan:
    moment = int(plan.opens_at * 1000)
    part = PARTS.get(moment % 11)
    most = None if part is None else plan.amount * part // 100
    plan = replace(plan, most_by_voucher=most, choices=tuple(_choice(plan, n) for n in range(len(plan.choices))))
    if moment % 6 == 4 and plan.refunds:
        plan = replace(plan, refunds=(*plan.refunds[:-1], replace(plan.refunds[-1], after=NEXT_DAY, part=None)))
    return plan


def _choice(plan: Plan, n: int) -> Choice:
    moment, choice = int(plan.opens_at * 1000), plan.choices[n]
    if choice.tender is not Tender.VOUCHERS:
        return choice
    if moment % 16 == 11:
        worth = max(plan.amount // (2 * BOOK), 1)
        return replace(choice, otps=tuple(f"V{worth}-ITALYBOOK{ticket}" for ticket in range(BOOK)))
    law = LAWS.get(moment % 16)
    if law is None:
        return choice
    lawful = tuple(_SERIAL.sub(lambda serial: law + serial[0], otp) for otp in choice.otps)
    return replace(choice, otps=lawful, accepts_loss=moment % 16 == ASKED and n > 0)


def pays_no_more_than_it_may(stage: Stage, payment: Payment) -> None:
    """At every write: the part that is for vouchers, how many of them, and what a day takes, hold."""
    spent = [voucher for voucher in payment.vouchers if voucher.counts]
    if payment.most_by_voucher is not None and payment.most_by_voucher < payment.spent:
        stage.fail(f"{payment.id}: vouchers pay {payment.spent}, and {payment.most_by_voucher} is for them")
    if len(spent) > MAX_VOUCHERS_PER_CHOICE:
        stage.fail(f"{payment.id}: {len(spent)} vouchers pay it")
    for country in {voucher.country for voucher in spent}:
        rule = rule_of(country, day_of(payment.created_at))
        most = rule.most_a_day if rule is not None and payment.amount.currency == "EUR" else None
        together = sum(voucher.spend.minor for voucher in spent if voucher.country == country)
        if most is not None and together > most:
            stage.fail(f"{payment.id}: {together} by vouchers of {country}, which pay {most} a day")


def loses_nothing_unasked(stage: Stage, payment: Payment) -> None:
    """At rest: of a voucher that is used whole nothing is lost that its customer did not give up."""
    for voucher in payment.vouchers:
        whole = voucher.counts and is_whole(voucher, day_of(payment.created_at))
        if whole and voucher.spend != voucher.value and not payment.accepts_loss:
            stage.fail(f"{payment.id}: a part of voucher {voucher.reference} is lost and nobody was asked")
