"""GET /api/merchant/disputes/stats: how many disputes there are, and what is at stake."""

from __future__ import annotations

from shared.bootstrap import core
from shared.domain.money import exponent_of
from shared.edge.call import Call
from shared.edge.request import Reply
from shared.families.payglobe.auth import Caller
from shared.families.payglobe.endpoint import endpoint
from shared.usecases.dispute.list_disputes import dispute_stats


@endpoint(
    "GET",
    "/api/merchant/disputes/stats",
    caller=Caller.SECRET_KEY,
    summary="Counts by state, and the amounts at risk and lost",
    query={"currency": "Count this currency only; without it, the totals are those of the only one, or of EUR"},
)
def handler(call: Call) -> Reply:
    caller, currency = call.credential, call.query("currency")
    if currency is not None:
        exponent_of(currency)
    stats = dispute_stats(
        caller.merchant.id, caller.environment, currency, world=core.world(), disputes=core.disputes()
    )
    return Reply(
        {
            "open": stats.open,
            "underReview": stats.under_review,
            "won": stats.won,
            "lost": stats.lost,
            "totalAtRisk": stats.at_risk.major,
            "totalLost": stats.taken.major,
            "currency": stats.at_risk.currency,
            "amounts": [
                {
                    "currency": each.at_risk.currency,
                    "totalAtRisk": each.at_risk.major,
                    "totalLost": each.taken.major,
                }
                for each in stats.stakes
            ],
        }
    )
