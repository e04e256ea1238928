"""Bodies: JSON with exact decimals, in ASCII, without what only looks like a number; and what a model says of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

import simplejson

from shared.domain.errors import Fault, InvalidRequest
from shared.domain.outside import json_object, members_once, plain_decimal

if TYPE_CHECKING:
    from pydantic import BaseModel

Body = TypeVar("Body", bound="BaseModel")
MOST_TOLD: Final = 20  # faults of one body


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in ``body``; decimals are ``Decimal``. Raises InvalidRequest for anything else.

    Also for one in which a name stands twice: what signed, logged or approved it may have read the other value.
    """
    return json_object(body, plain_decimal, members_once)


def write(value: Mapping[str, object]) -> str:
    """ASCII JSON in which a ``Decimal`` prints with all its digits: ``150.00``."""
    return str(simplejson.dumps(value, use_decimal=True))


def judged(values: Mapping[str, Any], model: type[Body]) -> Body:
    """``values`` as ``model``. Raises InvalidRequest naming the fields and the rules, never a value.

    Its text is the first fault's. A null is a field left out, unless the field is needed.
    """
    from pydantic import ValidationError  # a third of a cold start, and most endpoints take no body

    from shared.domain.card_number import masked
    from shared.domain.forms import broken_rule

    try:
        return model.model_validate(_said(values, model))
    except ValidationError as error:
        faults: list[Fault] = []
        for found in error.errors(include_input=False, include_url=False)[:MOST_TOLD]:
            # A field's name is the caller's too, where any may stand.
            named = [str(part) for part in found["loc"] if "[" not in str(part)]  # pydantic's own name of a choice
            where = ".".join(masked(part) for part in named) or None
            if where and any(where == other.param for other in faults):
                continue  # one more thing that it might have been
            rule = broken_rule(found["type"], found.get("ctx", {}), found["msg"])
            said = f"{where or 'body'}: {rule}"
            faults.append(Fault(where, InvalidRequest.code, said))
        raise InvalidRequest(faults[0].message, faults=faults) from None


def sound(values: Mapping[str, Any], model: type[Body]) -> Body:
    """What of ``values`` breaks no rule of its own field, for rules that are judged together with those.

    A field that does, or that is needed and missing, is no attribute of it.
    """
    from pydantic import ValidationError

    made = model.model_construct()
    values = _said(values, model)
    for name in model.model_fields.keys() & values.keys():
        try:
            model.__pydantic_validator__.validate_assignment(made, name, values[name])
        except ValidationError:
            made.__dict__.pop(name, None)
    return made


def _said(values: Mapping[str, Any], model: type[Body]) -> dict[str, Any]:
    """``values`` without nulls where leaving out means something else than null: many clients write every field."""

    def has_default(name: str) -> bool:
        field = model.model_fields.get(name)
        return field is not None and not field.is_required() and field.default is not None

    return {name: value for name, value in values.items() if value is not None or not has_default(name)}
