"""JSON as this API reads and writes it: exact decimals, ASCII, nothing that only looks like a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import simplejson

from shared.domain.outside import json_object, plain_decimal


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in ``body``; decimals are ``Decimal``. Raises InvalidRequest for anything else."""
    return json_object(body, plain_decimal)


def write(value: Mapping[str, object]) -> str:
    """ASCII JSON in which a ``Decimal`` prints with all its digits: ``150.00``."""
    return str(simplejson.dumps(value, use_decimal=True))
