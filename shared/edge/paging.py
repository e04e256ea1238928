"""What lists share: how many, from where."""

from __future__ import annotations

from typing import Final

from shared.domain.errors import InvalidRequest
from shared.edge.call import Call

DEFAULT_PAGE: Final = 20
LARGEST_PAGE: Final = 100
PAGING: Final = {"limit": "1 to 100, 20 unless given", "cursor": "nextCursor of the page before"}


def page_size(call: Call) -> int:
    """The ``limit`` of a list, 1 to 100. Raises InvalidRequest."""
    text = call.query("limit")
    if text is None:
        return DEFAULT_PAGE
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= LARGEST_PAGE):
        raise InvalidRequest(f"limit is a whole number from 1 to {LARGEST_PAGE}")
    return int(text)
