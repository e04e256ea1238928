"""How housekeeping goes through what is due: whatever is wrong with one, the others are owed their look."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import NamedTuple, TypeVar

from shared.domain.errors import GatewayError

Due = TypeVar("Due")


class Swept(NamedTuple):
    """How many were due, and (id, the error's code) of those that raised; they are looked at again later."""

    looked: int
    failed: list[tuple[str, str]]


def look_at_all(
    due: Iterable[Due],
    look: Callable[[Due], object],
    *,
    name: Callable[[Due], str] = str,
    put_back: Callable[[Due], object] = lambda one: None,
) -> Swept:
    """Call ``look`` on each. One that raises is noted and put back, so that the others go first next time."""
    looked, failed = 0, []
    for one in due:
        looked += 1
        try:
            look(one)
        except Exception as error:
            failed.append((name(one), error.error_code if isinstance(error, GatewayError) else type(error).__name__))
            with suppress(Exception):  # then it is simply due again
                put_back(one)
    return Swept(looked, failed)
