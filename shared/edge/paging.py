"""What lists share: how many, from where; by a cursor, or by the number of a page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from shared.domain.errors import InvalidRequest
from shared.domain.outside import utc_moment
from shared.edge.call import Call
from shared.ports.numbered import MOST_COUNTED, NumberedPage

DEFAULT_PAGE: Final = 20
LARGEST_PAGE: Final = 100
_MOST_DIGITS: Final = 9
_MILLISECOND: Final = timedelta(milliseconds=1)
PAGING: Final = {"limit": "1 to 100, 20 unless given", "cursor": "nextCursor of the page before"}
NUMBERED: Final = {
    "page": "From 1, which is the default",
    "per_page": "20 unless given; more than 100 is 100",
    "after": "Created after this time (ISO 8601)",
    "before": "Created before this time (ISO 8601)",
}


def page_size(call: Call) -> int:
    """The ``limit`` of a list, 1 to 100. Raises InvalidRequest."""
    text = call.query("limit")
    if text is None:
        return DEFAULT_PAGE
    if not (_is_whole(text) and 1 <= int(text) <= LARGEST_PAGE):
        raise InvalidRequest(f"limit is a whole number from 1 to {LARGEST_PAGE}", param="limit")
    return int(text)


def numbered_page(call: Call) -> NumberedPage:
    """The ``page`` and ``per_page`` of a list, and the time it is narrowed to. Raises InvalidRequest.

    Times are shown to the millisecond, and compared as they are shown: what came later in the same one is neither
    after nor before it.
    """
    size = min(_counting(call, "per_page", DEFAULT_PAGE), LARGEST_PAGE)
    after, before = _time(call, "after"), _time(call, "before")
    page = NumberedPage(_counting(call, "page", 1), size, after and _last_of(after), before and _whole_from(before))
    if page.past > MOST_COUNTED:
        raise InvalidRequest(
            f"page: only {MOST_COUNTED} can be paged through; narrow it with before and after", param="page"
        )
    return page


def page_meta(page: NumberedPage, count: int) -> dict[str, object]:
    """Where a page stands among all of its list."""
    pages = max(-(-count // page.size), 1)
    return {
        "current": page.number,
        "previous": page.number - 1 if page.number > 1 else None,
        "next": page.number + 1 if page.number < pages else None,
        "per_page": page.size,
        "pages": pages,
        "count": count,
    }


def _is_whole(text: str) -> bool:
    """A whole number that is written as briefly as one of ours."""
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def _counting(call: Call, name: str, default: int) -> int:
    text = call.query(name)
    if text is None:
        return default
    if not _is_whole(text) or int(text) < 1:
        raise InvalidRequest(f"{name} must be a whole number from 1", param=name)
    return int(text)


def _last_of(moment: datetime) -> datetime:
    """The last moment that is shown as this one."""
    return _first_of(moment) + _MILLISECOND - datetime.resolution


def _whole_from(moment: datetime) -> datetime:
    """The first moment that is not shown as earlier than this one."""
    first = _first_of(moment)
    return first if first == moment else first + _MILLISECOND


def _first_of(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _time(call: Call, name: str) -> datetime | None:
    text = call.query(name)
    if text is None:
        return None
    try:
        return utc_moment(text.replace(" ", "+"))  # a "+00:00" that nobody escaped
    except ValueError:
        raise InvalidRequest(
            f"{name} must be a time with its zone, such as 2025-11-07T10:00:00Z", param=name
        ) from None
