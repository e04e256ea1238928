"""``dataclass`` of the standard library, written when a class is first used and not while it is defined.

What the standard library writes for a class it compiles anew in every process: some five million instructions for
each of the ninety classes that a function loads, and a request makes instances of few of them. Here a class is
defined with its slots alone. Its first instance, or the first who asks for its fields, has the standard library write
what instances need, and the first who prints or compares one what that needs; from then on it is what
``dataclasses.dataclass(frozen=True, slots=True)`` makes of it, and that is what type checkers see (ADR 31).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Sequence
from threading import RLock
from typing import TYPE_CHECKING, Any, Final, NoReturn

_FIELDS: Final = "__dataclass_fields__"
_INIT: Final = "__init__"
_PARAMS: Final = "__dataclass_params__"
# All that instances need. ``__init__`` comes last: until it is there, whoever makes one waits for all of it.
_FIRST: Final = ("__doc__", "__match_args__", "__replace__", _PARAMS, _FIELDS, _INIT)
# What most instances are never asked for.
_COPYING: Final = ("__getstate__", "__setstate__")
_LATER: Final = ("__repr__", "__eq__", "__hash__", "__lt__", "__le__", "__gt__", "__ge__", *_COPYING, _PARAMS)
_ONE_AT_A_TIME: Final = RLock()  # held by one thread for a class, and then for the one that it derives from


class _Unwritten:
    """Stands where the fields of a class will be: who asks for them, were it a subclass, has them written."""

    __slots__ = ("_asked", "_has_rest", "_statement", "made")

    def __init__(self, statement: _Statement, asked: dict[str, bool]) -> None:
        self._statement = statement
        self._asked = asked
        self._has_rest = False
        self.made: type[Any]

    def __get__(self, instance: object, owner: type[Any]) -> Any:
        self.write_first()
        return vars(self.made)[_FIELDS]

    def write_first(self) -> None:
        """Once, whoever comes first. Raises what ``dataclasses`` raises of what is no record, and changes nothing."""
        with _ONE_AT_A_TIME:
            if vars(self.made)[_FIELDS] is self:
                # Without slots, which only the rest needs: they would cost one more class.
                self._write(_FIRST, self._asked | {"repr": False, "eq": False, "order": False})

    def write_rest(self) -> None:
        """The same for what shows and compares instances."""
        with _ONE_AT_A_TIME:
            if not self._has_rest:
                self._write(_LATER, self._asked | {"slots": True})
                self._has_rest = True

    def _write(self, names: Sequence[str], asked: dict[str, bool]) -> None:
        # Of a class of its own each time: afterwards what was stated of a field, ``repr=False`` say, is gone from it.
        whole: Any = dataclasses.dataclass(frozen=True, **asked)(self._statement.made())
        given, written = {each.name for each in dataclasses.fields(whole) if each.init}, vars(whole)
        if not given >= {*vars(self.made)["__slots__"]}:
            raise TypeError(
                f"{self.made.__qualname__} has something beside class variables and fields that are given"
            )
        for name in names:
            if name in written:
                setattr(self.made, name, written[name])

    def standing_for(self, name: str, write: Callable[[], None]) -> Callable[..., Any]:
        """Stands where the method ``name`` will be, which is called in its place."""

        def first(instance: object, /, *args: Any, **kwargs: Any) -> Any:
            write()
            return vars(self.made)[name](instance, *args, **kwargs)

        return first


class _Statement:
    """What a class's source says."""

    __slots__ = ("bases", "kind", "name", "own", "qualname")

    def __init__(self, stated: type[Any]) -> None:
        self.kind: Any = type(stated)
        self.name = stated.__name__
        self.qualname = stated.__qualname__
        self.bases = stated.__bases__
        self.own = {name: value for name, value in vars(stated).items() if name not in ("__dict__", "__weakref__")}

    def made(self, without: Collection[str] = (), **more: Any) -> type[Any]:
        """A new class of it."""
        own = {name: value for name, value in self.own.items() if name not in without}
        made: type[Any] = self.kind(self.name, self.bases, own | more)
        made.__qualname__ = self.qualname
        return made


def _refuse_to_set(_instance: object, name: str, _value: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_instance: object, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _is_of_the_class(hint: object) -> bool:
    return str(hint).removeprefix("typing.").startswith("ClassVar")


def _define(stated: type[Any], asked: dict[str, bool]) -> type[Any]:
    """The class with its slots. At no time can anything be set on an instance of it."""
    statement = _Statement(stated)
    own, unwritten = statement.own, _Unwritten(statement, asked)
    fields = [name for name, hint in own.get("__annotations__", {}).items() if not _is_of_the_class(hint)]
    inherited = {slot for base in stated.__mro__[1:-1] for slot in vars(base).get("__slots__", ())}
    later = [*_COPYING]
    later += ["__repr__"] if asked.get("repr", True) else []
    later += ["__eq__", "__hash__"] if asked.get("eq", True) else []
    later += ["__lt__", "__le__", "__gt__", "__ge__"] if asked.get("order") else []
    unwritten.made = statement.made(
        without=fields,
        **{"__slots__": tuple(name for name in fields if name not in inherited), _FIELDS: unwritten},
        **{_INIT: unwritten.standing_for(_INIT, unwritten.write_first)},
        **{name: unwritten.standing_for(name, unwritten.write_rest) for name in later if own.get(name) is None},
        __setattr__=_refuse_to_set,
        __delattr__=_refuse_to_delete,
    )
    return unwritten.made


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen: bool, slots: bool, **asked: bool) -> Callable[[type[Any]], type[Any]]:
        """As in ``dataclasses``, for records alone: frozen, and with slots."""
        if not (frozen and slots):
            raise TypeError("a record is frozen and has slots; of anything else the standard library makes a class")
        return lambda stated: _define(stated, asked)
