"""JSON as this API reads and writes it: exact decimals, ASCII, nothing that only looks like a number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import simplejson

from shared.domain.errors import InvalidRequest


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in ``body``; decimals are ``Decimal``. Raises InvalidRequest for anything else."""
    try:
        value = json.loads(body, parse_float=_decimal, parse_constant=_constant)
    except InvalidRequest:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidRequest("the body is not valid JSON", code="invalid_json") from error
    if not isinstance(value, dict):
        raise InvalidRequest("the body must be a JSON object", code="invalid_json")
    return value


def write(value: Mapping[str, object]) -> str:
    """ASCII JSON in which a ``Decimal`` prints with all its digits: ``150.00``."""
    return str(simplejson.dumps(value, use_decimal=True))


def _decimal(text: str) -> Decimal:
    if "e" in text.lower():
        raise InvalidRequest("numbers must be written as plain decimals, without an exponent", code="invalid_json")
    return Decimal(text)


def _constant(text: str) -> Decimal:
    raise InvalidRequest(f"{text} is not a number", code="invalid_json")
