"""What is made when something of it is first asked for: most functions never do, and would pay at every start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

Made = TypeVar("Made")


class _Later:
    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make

    def __getattr__(self, name: str) -> Any:
        return getattr(self._make(), name)


def later(make: Callable[[], Made]) -> Made:
    """Stands for what ``make`` answers, which is to be the same each time."""
    return cast("Made", _Later(make))
