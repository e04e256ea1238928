"""A merchant's business of the last days, by the clocks of its own time zone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.domain.figures import Figures, HourOf
from shared.domain.merchant import Credential
from shared.domain.record import dataclass
from shared.ports.figures import MerchantFigures


@dataclass(frozen=True, slots=True)
class Overview:
    """Each of ``days``, the last of them today, in every currency that anything came to; the largest first.

    An hour belongs to the day in which it begins.
    """

    days: tuple[date, ...]
    by_currency: Mapping[str, Mapping[date, Figures]]

    def over(self, currency: str, days: int) -> Figures:
        """All of the last so many days in one currency."""
        of_day = self.by_currency[currency]
        return sum((of_day[day] for day in self.days[-days:] if day in of_day), Figures())


def overview(caller: Credential, days: int, now: datetime, *, figures: MerchantFigures) -> Overview:
    zone = ZoneInfo(caller.merchant.time_zone)
    today = now.astimezone(zone).date()
    shown = tuple(today - timedelta(days=days - 1 - n) for n in range(days))
    since = datetime.combine(shown[0], time(), zone).astimezone(UTC)
    found = _by_day(figures.since(caller.merchant.id, caller.environment, since), zone)
    known = {currency: of_day for currency, of_day in found.items() if any(day in of_day for day in shown)}
    largest_first = sorted(known, key=lambda currency: (-_gross(known[currency]), currency))
    return Overview(shown, {currency: known[currency] for currency in largest_first})


def _by_day(hours: Iterable[HourOf], zone: ZoneInfo) -> dict[str, dict[date, Figures]]:
    found: dict[str, dict[date, Figures]] = defaultdict(dict)
    for each in hours:
        day = each.hour.astimezone(zone).date()
        found[each.currency][day] = found[each.currency].get(day, Figures()) + each.figures
    return found


def _gross(of_day: Mapping[date, Figures]) -> int:
    return sum(figures.gross for figures in of_day.values())
