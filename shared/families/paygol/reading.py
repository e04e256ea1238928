"""Requests as Paygol's clients write them: JSON objects under any HTTP method, numbers as they were written."""

from __future__ import annotations

import json
import unicodedata
from typing import Any, Final

from shared.domain.errors import InvalidRequest
from shared.domain.outside import json_text, members_once
from shared.families.paygol.signing import Number

INVALID_REQUEST: Final = "invalid_request"
_MOST_DIGITS: Final = 40
_BREAKS: Final = "\t\r\n"
_NOT_IN_XML: Final = "\ufffe\uffff"  # one of the answers is XML, which has no way to say them
_EXACT: Final = "pg_custom"  # comes back as it was given, blanks too


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in ``body``, numbers as they were written. Raises InvalidRequest.

    Also for one in which a name stands twice: a signature over the sorted form would speak of one of them alone.
    """
    try:
        text = json_text(body)
    except InvalidRequest as error:
        raise InvalidRequest(str(error), code=INVALID_REQUEST) from error
    try:
        given = json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_number,
            object_pairs_hook=members_once,
        )
    except (ValueError, RecursionError) as error:
        raise InvalidRequest("the body is not a JSON object", code=INVALID_REQUEST) from error
    if not isinstance(given, dict):
        raise InvalidRequest("the body is not a JSON object", code=INVALID_REQUEST)
    return given


def check_texts(given: dict[str, Any]) -> None:
    """Raises InvalidRequest for names and values that cannot be stored, shown and signed alike."""
    for name, value in given.items():
        if not is_text(name) or (isinstance(value, str) and not is_text(value)):
            raise InvalidRequest("a text holds characters that are no text", code=INVALID_REQUEST)


def is_text(value: str) -> bool:
    """Whether it can be stored, shown and signed alike: no lone surrogate, no control but tab and line ends."""
    return not any(
        sign in _NOT_IN_XML or (unicodedata.category(sign) in ("Cc", "Cs") and sign not in _BREAKS) for sign in value
    )


def is_given(name: str, value: str) -> bool:
    """What is empty, or nothing but blanks where blanks say nothing, was not given."""
    return bool(value if name == _EXACT else value.strip())


def _number(text: str) -> Number:
    if len(text) > _MOST_DIGITS or not text.lstrip("-")[:1].isdigit():
        raise ValueError("no number")
    return Number(text)
