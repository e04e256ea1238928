"""GET /api/merchant/overview: what the business came to, today, in a week and in a month, and day by day."""

from __future__ import annotations

from typing import Final

from shared.bootstrap import core, runtime
from shared.domain.figures import Figures
from shared.domain.money import Money, major_of
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.families.payglobe.views import iso
from shared.usecases.merchant.overview import Overview, overview

DAYS: Final = 30


@endpoint(
    "GET",
    "/api/merchant/overview",
    caller=Caller.SECRET_KEY,
    summary="Your business of the last 30 days, per currency, by the days of your time zone; a moment behind",
)
def handler(call: Call) -> Reply:
    caller, now = call.credential, runtime.now()
    merchant, found = caller.merchant, overview(caller, DAYS, now, figures=core.figures())
    return Reply(
        {
            "success": True,
            "asOf": iso(now),
            "timeZone": merchant.time_zone,
            "suspendedAt": iso(merchant.suspended_at),
            "currencies": [_shown(found, currency) for currency in found.by_currency],
        }
    )


def _shown(found: Overview, currency: str) -> dict[str, object]:
    of_day = found.by_currency[currency]
    return {
        "currency": currency,
        "today": _figures(found.over(currency, 1), currency),
        "week": _figures(found.over(currency, 7), currency),
        "month": _figures(found.over(currency, DAYS), currency),
        "days": [{"day": day.isoformat(), **_figures(of_day.get(day, Figures()), currency)} for day in found.days],
    }


def _figures(figures: Figures, currency: str) -> dict[str, object]:
    return {
        "paid": figures.paid,
        "gross": Money(figures.gross, currency).major,
        "vouchers": Money(figures.vouchers, currency).major,
        "refunds": figures.refunds,
        "refunded": Money(figures.refunded, currency).major,
        "returned": Money(figures.returned, currency).major,
        "lost": major_of(figures.lost, currency),
        "declined": figures.declined,
        "givenUp": figures.given_up,
        "successRate": figures.success_rate,
    }
