"""What the dispute endpoints share: the caller's own dispute, and the filters of the list."""

from __future__ import annotations

from datetime import date
from typing import Final

from shared.bootstrap import core
from shared.domain.dispute import Dispute
from shared.domain.errors import InvalidRequest
from shared.domain.ids import DisputeId
from shared.domain.statuses import DisputeStatus
from shared.edge.call import Call
from shared.edge.ownership import check_owner
from shared.edge.paging import DEFAULT_PAGE, LARGEST_PAGE
from shared.ports.disputes import Period
from shared.usecases.dispute.list_disputes import DisputeQuery

LAST_PAGE: Final = 1_000_000
FILTERS: Final = {
    "status": ", ".join(DisputeStatus),
    "startDate": "First day of creation, such as 2025-01-01 (UTC)",
    "endDate": "Last day of creation",
    "page": "From 0",
    "size": f"1 to {LARGEST_PAGE}, {DEFAULT_PAGE} unless given",
    "cursor": "nextCursor of the page before, instead of page",
}


def own_dispute(call: Call) -> Dispute:
    """The dispute named in the path, if it is the caller's. Raises NotFound."""
    dispute = core.disputes().get(DisputeId(call.path("disputeId")))
    check_owner(dispute, call.credential, "dispute")
    return dispute


def wanted_disputes(call: Call) -> DisputeQuery:
    """The filters and the page asked for. Raises InvalidRequest."""
    period = Period(_day(call, "startDate"), _day(call, "endDate"))
    if period.first and period.last and period.first > period.last:
        raise InvalidRequest("startDate is after endDate", param="startDate")
    page, cursor = _number(call, "page", 0, 0, LAST_PAGE), call.query("cursor")
    if page and cursor:
        raise InvalidRequest("either page or cursor, not both")
    return DisputeQuery(
        status=_status(call),
        period=period,
        page=page,
        size=_number(call, "size", DEFAULT_PAGE, 1, LARGEST_PAGE),
        cursor=cursor,
    )


def _status(call: Call) -> DisputeStatus | None:
    text = call.query("status")
    if text is None:
        return None
    try:
        return DisputeStatus(text.upper())
    except ValueError:
        raise InvalidRequest(f"status is one of {', '.join(DisputeStatus)}", param="status") from None


def _day(call: Call, name: str) -> date | None:
    text = call.query(name)
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.max
    if len(text) != 10 or not 2000 <= day.year < 2100:
        raise InvalidRequest(f"{name} is a day such as 2025-01-01", param=name)
    return day


def _number(call: Call, name: str, usual: int, least: int, most: int) -> int:
    text = call.query(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) <= 7 and least <= int(text) <= most):
        raise InvalidRequest(f"{name} is a whole number from {least} to {most}", param=name)
    return int(text)
