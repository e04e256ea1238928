"""Fields of a body that its model does not know, and which known one each resembles."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, get_args

if TYPE_CHECKING:
    from pydantic import BaseModel

MOST: Final = 10  # told of one body
_LONGEST_NAME: Final = 64
_ALIKE: Final = 0.7

Unknown = tuple[str, str | None]


def unknown_fields(given: Mapping[str, Any], model: type[BaseModel]) -> list[Unknown]:
    """(path of the field, name of the known one it resembles), for the first few; names are the caller's, and masked.

    A model that says itself what becomes of other fields has none.
    """
    return list(islice(_unknown(given, model, ""), MOST))


def _unknown(given: Mapping[str, Any], model: type[BaseModel], where: str) -> Iterator[Unknown]:
    if model.model_config.get("extra"):
        return
    for name, value in given.items():
        if known := model.model_fields.get(name):
            if inner := _model_in(known.annotation):
                yield from _in_parts(value, inner, f"{where}{name}.")
        else:
            yield f"{where}{_shown(name)}", _nearest(name, model.model_fields)


def _in_parts(value: Any, model: type[BaseModel], where: str) -> Iterator[Unknown]:
    if isinstance(value, Mapping):
        yield from _unknown(value, model, where)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _in_parts(part, model, f"{where}{number}.")


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation holds, in a list or beside None."""
    if isinstance(annotation, type) and hasattr(annotation, "model_fields"):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _nearest(name: str, known: Collection[str]) -> str | None:
    from difflib import get_close_matches  # only for who mistyped

    plain = {_plain(each): each for each in known}
    found = get_close_matches(_plain(name[:_LONGEST_NAME]), plain, n=1, cutoff=_ALIKE)
    return plain[found[0]] if found else None


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _shown(name: str) -> str:
    from shared.domain.card_number import masked

    return masked(name[:_LONGEST_NAME])
