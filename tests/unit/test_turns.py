"""Tests among others do not wait for one another; one that is alone has nobody beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from tests.client import until
from tests.turns import Turns

PATIENCE = 60.0


class Taken:
    """A turn taken by a thread, held until it is told to leave."""

    def __init__(self, turn: Callable[[], AbstractContextManager[None]]) -> None:
        self.entered, self.told = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold, args=(turn,), daemon=True)
        self._thread.start()

    def _hold(self, turn: Callable[[], AbstractContextManager[None]]) -> None:
        with turn():
            self.entered.set()
            self.told.wait(PATIENCE)

    def leave(self) -> None:
        self.told.set()
        self._thread.join(PATIENCE)


def test_many_are_among_others_at_once(tmp_path: Path) -> None:
    first, second = Taken(Turns(tmp_path).among_others), Taken(Turns(tmp_path).among_others)

    assert first.entered.wait(PATIENCE)
    assert second.entered.wait(PATIENCE)
    first.leave()
    second.leave()


def test_who_wants_to_be_alone_waits_for_the_others_and_lets_none_in_before(tmp_path: Path) -> None:
    earlier = Taken(Turns(tmp_path).among_others)
    assert earlier.entered.wait(PATIENCE)

    alone = Taken(Turns(tmp_path).alone)
    until(Turns(tmp_path).door_is_shut, bool, PATIENCE)
    later = Taken(Turns(tmp_path).among_others)
    assert not alone.entered.is_set()
    assert not later.entered.is_set()

    earlier.leave()
    assert alone.entered.wait(PATIENCE)
    assert not later.entered.is_set()
    alone.leave()
    assert later.entered.wait(PATIENCE)
    later.leave()


def test_two_are_never_alone_at_once(tmp_path: Path) -> None:
    first = Taken(Turns(tmp_path).alone)
    assert first.entered.wait(PATIENCE)
    second = Taken(Turns(tmp_path).alone)

    assert not second.entered.wait(0.1)
    first.leave()
    assert second.entered.wait(PATIENCE)
    second.leave()


def test_a_turn_ends_with_a_test_that_fails(tmp_path: Path) -> None:
    for turn in (Turns(tmp_path).alone, Turns(tmp_path).among_others):
        try:
            with turn():
                raise AssertionError
        except AssertionError:
            assert not Turns(tmp_path).door_is_shut()
    after = Taken(Turns(tmp_path).alone)
    assert after.entered.wait(PATIENCE)
    after.leave()
