"""Frozen dataclasses to JSON text and back, by their type hints; unknown keys are ignored, missing ones default."""

from __future__ import annotations

import dataclasses
import json
import sys
import types
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Decoder = Callable[[Any], Any]
Encoder = Callable[[Any], Any]
_AS_THEY_ARE = (str, int, bool)


def to_text(value: object) -> str:
    """Compact ASCII JSON of a dataclass; fields that hold their default are left out."""
    return json.dumps(to_plain(value), separators=(",", ":"))


def from_text(cls: type[T], text: str) -> T:
    """The dataclass that ``to_text`` wrote, by this or an older version of the code."""
    return from_plain(cls, json.loads(text))


def to_plain(value: Any) -> Any:
    """The same as JSON's own kinds of value, for a part of a larger text."""
    cls: Any = type(value)
    return value if value is None or cls in _AS_THEY_ARE else _encoder(cls)(value)


def from_plain(cls: type[T], value: object) -> T:
    """The dataclass that ``to_plain`` wrote."""
    hint: Any = cls
    decoded: T = _decoder(hint)(value)
    return decoded


@cache
def _encoder(cls: Any) -> Encoder:
    """How values of one type are written; found once, since every write of a payment encodes a hundred values."""
    if dataclasses.is_dataclass(cls):
        return _dataclass_encoder(cls)
    if issubclass(cls, StrEnum):
        return lambda value: value.value
    if issubclass(cls, datetime):
        return datetime.isoformat
    if issubclass(cls, tuple | list):
        return lambda value: [to_plain(item) for item in value]
    if issubclass(cls, Mapping):
        return lambda value: {key: to_plain(item) for key, item in value.items()}
    return lambda value: value


def _dataclass_encoder(cls: Any) -> Encoder:
    fields = [(field.name, _default(field)) for field in dataclasses.fields(cls)]

    def encode(value: Any) -> dict[str, Any]:
        parts = ((name, getattr(value, name), default) for name, default in fields)
        return {name: to_plain(part) for name, part, default in parts if part is not default and part != default}

    return encode


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default  # MISSING equals nothing that is stored


@cache
def _decoder(hint: Any) -> Decoder:
    """How a value of type ``hint`` is read back; raises TypeError for a type the codec does not know."""
    origin, args = get_origin(hint), get_args(hint)
    if isinstance(hint, type) and "__dataclass_fields__" in vars(hint):  # is_dataclass would have the class written
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


class _Fields(dict[str, Decoder]):
    """How each field of a class is read, found when it is first met: most texts have few of those they may have."""

    def __init__(self, cls: Any) -> None:
        self.names: Final = frozenset(field.name for field in dataclasses.fields(cls))
        self._stated: Final = {
            name: (hint, vars(sys.modules[each.__module__]))
            for each in reversed(cls.__mro__)
            for name, hint in vars(each).get("__annotations__", {}).items()
        }

    def __missing__(self, name: str) -> Decoder:
        hint, known = self._stated[name]
        alone = types.SimpleNamespace(__annotations__={name: hint})
        decoder = self[name] = _decoder(get_type_hints(alone, known)[name])
        return decoder


def _dataclass_decoder(cls: Any) -> Decoder:
    fields: _Fields | None = None

    def decode(value: Mapping[str, Any]) -> Any:
        nonlocal fields
        if fields is None:  # to ask for them has the class written
            fields = _Fields(cls)
        return cls(**{name: fields[name](part) for name, part in value.items() if name in fields.names})

    return decode
