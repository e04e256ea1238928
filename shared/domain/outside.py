"""JSON, numbers and times that somebody outside wrote: read exactly, and within bounds that keep their use cheap."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from shared.domain.errors import InvalidRequest

Members = list[tuple[str, Any]]
MOST_DIGITS: Final = 40  # more than any amount or moment needs
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime.max.replace(tzinfo=UTC) - timedelta(seconds=1)  # so that a moment later can be named

_LATEST_UNIX: Final = int(LATEST.timestamp())
_LONGEST_NAME: Final = 64
_NO_UTF_8: Final = "the body must be JSON in UTF-8"


class RepeatedField(InvalidRequest):
    """A name stands twice in one object: whoever checked what was sent, and read the other one, checked nothing."""

    code = "repeated_field"

    def __init__(self, name: str) -> None:
        from shared.domain.card_number import masked  # the name is the caller's, and this is rare

        shown = masked(name[:_LONGEST_NAME])
        super().__init__(f"{shown} stands twice in one object of the body", param=shown)


def members_once(members: Members) -> dict[str, Any]:
    """One object of a JSON text, as its reader calls for each of them. Raises RepeatedField."""
    found = dict(members)
    if len(found) != len(members):
        times = Counter(name for name, _ in members)
        raise RepeatedField(next(name for name in times if times[name] > 1))
    return found


def json_text(body: bytes) -> str:
    """The text of a JSON body, without a byte order mark before it. Raises InvalidRequest for all but UTF-8.

    No JSON text has a zero byte, and one in UTF-16 or UTF-32 has it among its first four.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidRequest(_NO_UTF_8, code="invalid_json") from error
    if b"\0" in body[:4]:
        raise InvalidRequest(_NO_UTF_8, code="invalid_json")
    return text


def json_object(
    body: bytes,
    number: Callable[[str], Decimal],
    members: Callable[[Members], dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """The JSON object in ``body``; what is not a whole number is read by ``number``. Raises InvalidRequest.

    ``members`` makes each object of its names and values; without it the last of two equal names counts.
    """
    text = json_text(body)
    try:
        value = json.loads(text, parse_float=number, parse_constant=_constant, object_pairs_hook=members)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest("the body is not valid JSON", code="invalid_json") from error
    if not isinstance(value, dict):
        raise InvalidRequest("the body must be a JSON object", code="invalid_json")
    return value


def plain_decimal(text: str) -> Decimal:
    """A JSON number without an exponent, exactly. Raises InvalidRequest."""
    if "e" in text.lower():
        raise InvalidRequest("numbers must be written as plain decimals, without an exponent", code="invalid_json")
    return bounded_decimal(text)


def bounded_decimal(text: str) -> Decimal:
    """A JSON number, exactly. Raises InvalidRequest for one whose digits nobody could mean, written out or not.

    ``1E+999999`` is nine characters, and half a minute of work for whoever makes a whole number of it.
    """
    value = Decimal(text) if len(text) <= MOST_DIGITS else None
    if value is None or not -MOST_DIGITS <= value.adjusted() <= MOST_DIGITS:
        raise InvalidRequest(f"a number has at most {MOST_DIGITS} digits", code="invalid_json")
    return value


def utc_moment(text: str) -> datetime:
    """ISO 8601 text with its zone, in UTC. Raises ValueError for anything else, also beyond the calendar's edges."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("the time has no zone")
    try:
        moment = found.astimezone(UTC)
    except OverflowError:
        raise ValueError("the time is beyond the calendar") from None
    return _within_calendar(moment)


def unix_moment(seconds: int | Decimal) -> datetime:
    """Unix time, whole seconds of it counted, in UTC. Raises ValueError beyond the calendar's edges."""
    # Compared first: to make a whole number of a great exponent is work.
    if not 0 <= seconds < _LATEST_UNIX:
        raise ValueError("the time is beyond the calendar")
    return _within_calendar(datetime.fromtimestamp(int(seconds), UTC))


def _within_calendar(moment: datetime) -> datetime:
    if not EARLIEST <= moment < LATEST:
        raise ValueError("the time is beyond the calendar")
    return moment


def _constant(text: str) -> Decimal:
    raise InvalidRequest(f"{text} is not a number", code="invalid_json")
