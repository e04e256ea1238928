"""Frozen dataclasses to JSON text and back, by their type hints; unknown keys are ignored, missing ones default."""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Decoder = Callable[[Any], Any]


def to_text(value: object) -> str:
    """Compact ASCII JSON of a dataclass; fields that hold their default are left out."""
    return json.dumps(_plain(value), separators=(",", ":"))


def from_text(cls: type[T], text: str) -> T:
    """The dataclass that ``to_text`` wrote, by this or an older version of the code."""
    hint: Any = cls
    decoded: T = _decoder(hint)(json.loads(text))
    return decoded


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in _stored(type(value)) if not _is_default(value, f)}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


@cache
def _stored(cls: type) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(cls)


def _is_default(value: object, field: dataclasses.Field[Any]) -> bool:
    present = getattr(value, field.name)
    if field.default is not dataclasses.MISSING:
        return bool(present == field.default)
    return field.default_factory is not dataclasses.MISSING and bool(present == field.default_factory())


@cache
def _decoder(hint: Any) -> Decoder:
    """How a value of type ``hint`` is read back; raises TypeError for a type the codec does not know."""
    origin, args = get_origin(hint), get_args(hint)
    if dataclasses.is_dataclass(hint):
        return _dataclass_decoder(hint)
    if origin in (Union, types.UnionType):
        inner = _decoder(next(arg for arg in args if arg is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        item = _decoder(args[0])
        return lambda value: tuple(item(part) for part in value)
    if origin is not None and issubclass(origin, Mapping):
        part = _decoder(args[1])
        return lambda value: {key: part(entry) for key, entry in value.items()}
    if hasattr(hint, "__supertype__"):  # a NewType id
        return lambda value: value
    if hint is datetime:
        return datetime.fromisoformat
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    if hint in (str, int, bool):
        return lambda value: value
    raise TypeError(f"cannot store values of type {hint}")


def _dataclass_decoder(cls: Any) -> Decoder:
    hints = get_type_hints(cls)
    decoders = {field.name: _decoder(hints[field.name]) for field in dataclasses.fields(cls)}

    def decode(value: Mapping[str, Any]) -> Any:
        return cls(**{name: decoders[name](part) for name, part in value.items() if name in decoders})

    return decode
