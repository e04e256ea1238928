"""How a record that others write too is written: decide on it, write it if nobody wrote first, else decide again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Protocol, TypeVar

from shared.domain.errors import StaleWrite

if TYPE_CHECKING:

    class Versioned(Protocol):
        """A record whose every write raises its version by one."""

        __dataclass_fields__: ClassVar[dict[str, Any]]

        @property
        def version(self) -> int: ...


MOST_TRIES: Final = 60  # a quarter of a minute, with the pauses between them

Record = TypeVar("Record")
Stored = TypeVar("Stored", bound="Versioned")
Result = TypeVar("Result")


class Overtaken(Generic[Record]):
    """Somebody else wrote first; ``newer`` is what they left."""

    __slots__ = ("newer",)

    def __init__(self, newer: Record) -> None:
        self.newer = newer


def until_written(
    record: Record, write: Callable[[Record], Result | Overtaken[Record]], *, what: str, pause: Callable[[int], None]
) -> Result:
    """What ``write`` comes to, called again on the newer record whenever it was overtaken.

    It must check what it relies on each time. What it raises leaves with nothing written; StaleWrite says that
    ``what`` was overtaken too often.
    """
    for attempt in range(MOST_TRIES):
        outcome = write(record)
        if not isinstance(outcome, Overtaken):
            return outcome
        record = outcome.newer
        pause(attempt)
    raise StaleWrite(f"{what} is being changed by too many calls at once; try again")


def stored(written: Stored, newer: Stored | None) -> Stored | Overtaken[Stored]:
    """What a conditional write made of a record: its next version, unless somebody left a ``newer`` one."""
    return replace(written, version=written.version + 1) if newer is None else Overtaken(newer)
