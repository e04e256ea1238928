"""What a month came to: by day, currency, tender and issuer, by the clocks of the merchant's own time zone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from shared.domain.figures import HourOf
from shared.domain.merchant import Credential
from shared.domain.money import Money, major_of
from shared.domain.record import dataclass
from shared.ports.figures import MerchantFigures


@dataclass(frozen=True, slots=True)
class Line:
    """``day`` is None for the whole month. ``issuer`` is of vouchers alone; empty where events did not tell it.

    ``returned`` is what banks sent back of charges that counted as paid. ``lost_minor`` is what they took in
    disputes, in minor units: less than nothing where they gave back more than they took.
    """

    day: date | None
    currency: str
    tender: str
    issuer: str
    paid: Money
    refunded: Money
    returned: Money
    lost_minor: int

    @property
    def lost(self) -> Decimal:
        """In major units."""
        return major_of(self.lost_minor, self.currency)

    @property
    def net(self) -> Decimal:
        """In major units; less than nothing when more went back than came in."""
        return self.paid.major - self.refunded.major - self.returned.major - self.lost


def statement(caller: Credential, month: date, *, figures: MerchantFigures) -> list[Line]:
    """The lines of each day, then those of the month; what came to nothing has none. ``month`` is its first day."""
    zone = ZoneInfo(caller.merchant.time_zone)
    following = (month + timedelta(days=32)).replace(day=1)
    since, until = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (month, following))
    sums: dict[tuple[str, str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for hour in figures.since(caller.merchant.id, caller.environment, since):
        if not since <= hour.hour < until:
            continue
        day = hour.hour.astimezone(zone).date().isoformat()
        for tender, issuer, *parts in _parts(hour):
            for when in (day, _WHOLE):
                kept = sums[when, hour.currency, tender, issuer]
                kept[:] = (a + b for a, b in zip(kept, parts, strict=True))
    return [
        Line(
            None if when == _WHOLE else date.fromisoformat(when),
            currency,
            tender,
            issuer,
            Money(paid, currency),
            Money(refunded, currency),
            Money(returned, currency),
            lost,
        )
        for (when, currency, tender, issuer), (paid, refunded, returned, lost) in sorted(sums.items())
    ]


_WHOLE = "month"  # sorts after every day


def _parts(hour: HourOf) -> Iterator[tuple[str, str, int, int, int, int]]:
    """(tender, issuer, paid, refunded, returned, lost) of an hour, without those of nothing."""
    sums = hour.figures
    by_card = sums.gross - sums.vouchers - sums.by_method
    back_on_card = sums.refunded - sums.refunded_vouchers - sums.refunded_method
    untold = sums.vouchers - sum(hour.spent.values())
    parts = [
        ("card", "", by_card, back_on_card, sums.returned, sums.lost - sums.lost_method),
        ("method", "", sums.by_method, sums.refunded_method, 0, sums.lost_method),
    ]
    parts.append(("voucher", "", untold, sums.refunded_vouchers - sum(hour.returned.values()), 0, 0))
    issuers = sorted({*hour.spent, *hour.returned})
    parts += [("voucher", name, hour.spent.get(name, 0), hour.returned.get(name, 0), 0, 0) for name in issuers]
    return (part for part in parts if any(part[2:]))
