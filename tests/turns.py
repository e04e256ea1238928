"""How tests share a run: files side by side, slow ones first; those of tests/alone last, nothing beside them."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling

# What takes long is begun first, so that several processes come to their end together.
ORDER: Final = ("e2e", "browser", "integration", "consumers", "contract", "property", "unit", "alone")
_ALONE: Final = ORDER[-1]


class Turns:
    """One process's part in it. Every process of a run opens the same ``folder``.

    The room holds many tests, or one that is alone. Whoever wants to be alone shuts the door first, so that nobody
    else goes in while the room empties. The locks of a process that dies are gone with it.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._door = (folder / "door").open("w")
        self._room = (folder / "room").open("w")

    @contextmanager
    def among_others(self) -> Iterator[None]:
        fcntl.flock(self._door, fcntl.LOCK_SH)
        try:
            fcntl.flock(self._room, fcntl.LOCK_SH)
        finally:
            fcntl.flock(self._door, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(self._room, fcntl.LOCK_UN)

    @contextmanager
    def alone(self) -> Iterator[None]:
        fcntl.flock(self._door, fcntl.LOCK_EX)
        try:
            fcntl.flock(self._room, fcntl.LOCK_EX)
            yield
        finally:
            fcntl.flock(self._room, fcntl.LOCK_UN)
            fcntl.flock(self._door, fcntl.LOCK_UN)

    def door_is_shut(self) -> bool:
        """Whether somebody else is alone, or waits to be."""
        try:
            fcntl.flock(self._door, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        fcntl.flock(self._door, fcntl.LOCK_UN)
        return False


class FilesThenAlone(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """A process takes a whole file, so that its fixtures are made once; one takes all that is alone, at the end."""

    def _split_scope(self, nodeid: str) -> str:
        return _ALONE if _is_alone(nodeid) else nodeid.partition("::")[0]


_TURNS: Final = Turns(Path(__file__).parents[1] / ".cache" / "turns")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return next((n for n, folder in enumerate(ORDER) if item.nodeid.startswith(f"tests/{folder}/")), 0)

    items.sort(key=place)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    with _TURNS.alone() if _is_alone(item.nodeid) else _TURNS.among_others():
        return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """``--dist loadfile`` as it is, in the order of ``ORDER``."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return FilesThenAlone(config, log)


def _is_alone(nodeid: str) -> bool:
    return nodeid.startswith(f"tests/{_ALONE}/")
