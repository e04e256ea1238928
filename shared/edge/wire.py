"""Bodies: JSON with exact decimals, in ASCII, without what only looks like a number; and what a model says of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import simplejson

from shared.domain.errors import InvalidRequest
from shared.domain.outside import json_object, plain_decimal

if TYPE_CHECKING:
    from pydantic import BaseModel

Body = TypeVar("Body", bound="BaseModel")


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in ``body``; decimals are ``Decimal``. Raises InvalidRequest for anything else."""
    return json_object(body, plain_decimal)


def write(value: Mapping[str, object]) -> str:
    """ASCII JSON in which a ``Decimal`` prints with all its digits: ``150.00``."""
    return str(simplejson.dumps(value, use_decimal=True))


def judged(values: Mapping[str, Any], model: type[Body]) -> Body:
    """``values`` as ``model``. Raises InvalidRequest naming the field and the rule, never the value."""
    from pydantic import ValidationError  # a third of a cold start, and most endpoints take no body

    from shared.domain.card_number import masked

    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        # A field's name is the caller's too, where any may stand.
        where = ".".join(masked(str(part)) for part in first["loc"]) or "body"
        raise InvalidRequest(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None
