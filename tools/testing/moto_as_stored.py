"""moto hands DynamoDB's values out as it keeps them, which is as DynamoDB writes them. Importing this is enough.

It would look for each of the ten types of a value under seven spellings each, and that was a fourth of what a test on
moto did. It would also ask a class for its methods at every call.
"""

from __future__ import annotations

import functools
from typing import Any, Final

from moto.core import responses
from moto.core.serialize import BaseJSONSerializer

_AS_WRITTEN: Final = frozenset({"S", "N", "SS", "NS", "BOOL", "NULL"})  # bytes, of a logo for instance, are not
_member_by_member = BaseJSONSerializer._serialize_type_structure


def _structure(serializer: BaseJSONSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
    if key and shape.name == "AttributeValue" and isinstance(value, dict) and value.keys() <= _AS_WRITTEN:
        serialized[key] = value
    else:
        _member_by_member(serializer, serialized, value, shape, key)


BaseJSONSerializer._serialize_type_structure = _structure
responses.method_names_from_class = functools.cache(responses.method_names_from_class)
