"""What a merchant asks of a list of its payments: the query, read into ``Sought``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from shared.domain.card_number import may_hold_card_number
from shared.domain.errors import InvalidRequest
from shared.domain.mistakes import Mistakes
from shared.domain.outside import bounded_decimal, utc_moment
from shared.domain.payment import Status
from shared.domain.sought import Sought
from shared.edge.paging import PAGING
from shared.families.registry import NAMES

if TYPE_CHECKING:
    from shared.edge.call import Call

FILTERS: Final = {
    "status": f"One or several of {', '.join(Status)}, separated by commas",
    "from": "Created on or after: a day (2026-11-22, by your time zone) or a time with its zone",
    "to": "Created until the end of this day, or before this time",
    "q": "A part of a number, name or address: of the payment, its order, link, refund or dispute, your reference,"
    " the description, the customer, or the last four digits of its card. 2 to 100 characters",
    "minAmount": "At least this much, in major units: 10.50",
    "maxAmount": "At most this much",
    "family": f"The API that it began with: {', '.join(NAMES)}",
    "gateway": "The card gateway that it is at, by name",
}
QUERY: Final = {**PAGING, **FILTERS}
_LONGEST_TEXT: Final = 100
_LONGEST_NAME: Final = 64


def sought(call: Call) -> Sought:
    """Raises InvalidRequest for all that cannot be meant, at once."""
    zone, mistakes, read = ZoneInfo(call.credential.merchant.time_zone), Mistakes(), Sought()
    parts: tuple[Callable[[], dict[str, Any]], ...] = (
        lambda: {"statuses": _statuses(call.query("status"))},
        lambda: {"since": _moment(call, "from", zone, _begins)},
        lambda: {"until": _moment(call, "to", zone, _ends)},
        lambda: {"text": _text(call.query("q"))},
        lambda: {"least": _amount(call, "minAmount")},
        lambda: {"most": _amount(call, "maxAmount")},
        lambda: {"family": _family(call.query("family"))},
        lambda: {"gateway": _gateway(call.query("gateway"))},
    )
    for part in parts:
        with mistakes:
            read = replace(read, **part())
    with mistakes:
        _check_spans(read)
    mistakes.tell()
    return read


def _check_spans(read: Sought) -> None:
    """What nothing can be within is a slip, and would look as if there were nothing. Raises InvalidRequest."""
    if read.since and read.until and read.until <= read.since:
        raise InvalidRequest("to is before from", param="to")
    if read.least is not None and read.most is not None and read.most < read.least:
        raise InvalidRequest("maxAmount is less than minAmount", param="maxAmount")


def check_known(call: Call, known: dict[str, str]) -> None:
    """A filter that nobody knows would show everything, and look as if it had been heard. Raises InvalidRequest."""
    if unknown := sorted(call.request.queries.keys() - known.keys()):
        name = unknown[0][:_LONGEST_NAME]
        raise InvalidRequest(f"{name} is no parameter of this list; there are {', '.join(known)}", param=name)


def _statuses(text: str | None) -> frozenset[Status]:
    try:
        return frozenset(Status(name.strip()) for name in (text or "").split(",") if name.strip())
    except ValueError:
        raise InvalidRequest(f"status is one or several of {', '.join(Status)}", param="status") from None


def _begins(day: date) -> date:
    return day


def _ends(day: date) -> date:
    return day + timedelta(days=1)


def _moment(call: Call, name: str, zone: ZoneInfo, edge: Callable[[date], date]) -> datetime | None:
    text = call.query(name)
    if not text:
        return None
    try:
        if len(text) == len("2026-11-22"):
            return datetime.combine(edge(date.fromisoformat(text)), time(), zone).astimezone(UTC)
        return utc_moment(text.replace(" ", "+"))  # a "+00:00" that nobody escaped
    except (ValueError, OverflowError):
        raise InvalidRequest(
            f"{name} is a day such as 2026-11-22 or a time such as 2026-11-22T10:00:00Z", param=name
        ) from None


def _text(text: str | None) -> str:
    wanted = (text or "").strip()
    if wanted and not 2 <= len(wanted) <= _LONGEST_TEXT:
        raise InvalidRequest(f"q has 2 to {_LONGEST_TEXT} characters", param="q")
    if may_hold_card_number(wanted):
        raise InvalidRequest(
            "q: a payment is found by the last four digits of its card, never by the whole number", param="q"
        )
    return wanted


def _amount(call: Call, name: str) -> Decimal | None:
    text = call.query(name)
    if not text:
        return None
    if not text.replace(".", "", 1).isdecimal() or not text.isascii():
        raise InvalidRequest(f"{name} is an amount such as 10.50", param=name)
    return bounded_decimal(text)


def _family(text: str | None) -> str | None:
    if text and text not in NAMES:
        raise InvalidRequest(f"family is one of {', '.join(NAMES)}", param="family")
    return text or None


def _gateway(text: str | None) -> str | None:
    if text and len(text) > _LONGEST_NAME:
        raise InvalidRequest(f"gateway has at most {_LONGEST_NAME} characters", param="gateway")
    return text or None
