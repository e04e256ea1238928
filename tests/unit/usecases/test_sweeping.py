"""How housekeeping shares its time out: side by side, by lanes, and never longer than a run lasts."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.domain.errors import NotFound
from shared.usecases.housekeeping.sweeping import ABREAST, LANE_TIME, OF_A_LANE, RUN_TIME, Looking, Shift, Swept
from tools.testing.fakes import FixedClock

PATIENCE = 60.0  # seconds: a thread that is not there by then never comes


class Floor:
    """What is due is called ``lane-number``; a lane that hangs is let go on by its event."""

    def __init__(self, abreast: int = ABREAST) -> None:
        self.clock = FixedClock()
        self.shift = Shift(self.clock, abreast)
        self.hanging: dict[str, threading.Event] = {}
        self.lock = threading.Lock()
        self.looked: list[str] = []
        self.put_back: list[str] = []
        self.at_once: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.on_look: Callable[[str], object] = lambda one: None

    def sweeps(self, *due: str) -> Swept:
        how = Looking(str, self._look, lane=lambda one: one.partition("-")[0], put_back=self._put_back)
        return self.shift.look_at_all(due, how)

    def begins(self, *due: str) -> Callable[[], Swept]:
        """In a thread of its own; what is called in the end waits for what came of it."""
        came: list[Swept] = []
        thread = threading.Thread(target=lambda: came.append(self.sweeps(*due)), daemon=True)
        thread.start()

        def end() -> Swept:
            thread.join(PATIENCE)
            return came[0]

        return end

    def _look(self, one: str) -> None:
        lane = one.partition("-")[0]
        with self.lock:
            for name in (lane, ""):
                self.at_once[name] += 1
                self.most[name] = max(self.most[name], self.at_once[name])
        try:
            if lane in self.hanging:
                assert self.hanging[lane].wait(PATIENCE)
            self.on_look(one)
        finally:
            with self.lock:
                self.looked.append(one)
                for name in (lane, ""):
                    self.at_once[name] -= 1

    def _put_back(self, one: str) -> None:
        with self.lock:
            self.put_back.append(one)


def due_in(lane: str, many: int) -> list[str]:
    return [f"{lane}-{number}" for number in range(many)]


@pytest.mark.parametrize("abreast", [1, ABREAST])
def test_everything_that_is_due_is_looked_at_once(abreast: int) -> None:
    floor = Floor(abreast)
    due = [*due_in("a", 30), *due_in("b", 3), *due_in("c", 20)]

    assert floor.sweeps(*due) == Swept(53, [])

    assert sorted(floor.looked) == sorted(due)
    assert floor.put_back == []


def test_what_hangs_holds_up_no_other_lane() -> None:
    floor = Floor()
    floor.hanging["hung"] = threading.Event()
    others = [*due_in("a", 10), *due_in("b", 10)]
    everybody_else = threading.Event()
    floor.on_look = lambda one: everybody_else.set() if len(floor.looked) >= len(others) - 1 else None

    end = floor.begins(*due_in("hung", 50), *others)

    assert everybody_else.wait(PATIENCE)
    floor.hanging["hung"].set()
    assert end().looked == 70
    assert set(floor.looked) >= set(others)


def test_of_a_lane_no_more_are_looked_at_at_a_time_than_may_be() -> None:
    floor = Floor()
    together = threading.Barrier(OF_A_LANE)
    floor.on_look = lambda one: together.wait(PATIENCE)

    floor.sweeps(*due_in("a", 6 * OF_A_LANE))

    assert floor.most["a"] == OF_A_LANE


def test_no_more_are_looked_at_at_a_time_than_may_be() -> None:
    floor = Floor()
    together = threading.Barrier(ABREAST)
    floor.on_look = lambda one: together.wait(PATIENCE)

    floor.sweeps(*[f"{lane}-1" for lane in range(3 * ABREAST)])

    assert floor.most[""] == ABREAST


def test_a_lane_that_has_had_its_time_is_put_back_and_the_others_go_on() -> None:
    floor = Floor(abreast=1)
    floor.on_look = lambda one: floor.clock.advance(LANE_TIME.total_seconds() if one == "a-0" else 0)

    swept = floor.sweeps(*due_in("a", 4), *due_in("b", 2))

    assert floor.looked == ["a-0", "b-0", "b-1"]
    assert floor.put_back == ["a-1", "a-2", "a-3"]
    assert swept == Swept(6, [], put_off=3)
    assert floor.sweeps("a-4").put_off == 1  # in the run's next batch too


def test_what_a_run_has_no_time_for_stays_due_as_it_was() -> None:
    floor = Floor(abreast=1)
    floor.on_look = lambda one: floor.clock.advance(RUN_TIME.total_seconds())

    swept = floor.sweeps("a-0", "b-0", "c-0")

    assert (floor.looked, floor.put_back) == (["a-0"], [])
    assert swept == Swept(3, [], put_off=2)
    assert floor.shift.is_over


@pytest.mark.parametrize("abreast", [1, ABREAST])
def test_one_that_raises_is_told_and_put_back_and_its_place_in_the_lane_is_free(abreast: int) -> None:
    floor = Floor(abreast)

    def raises(one: str) -> None:
        if one in ("a-1", "a-2", "a-3"):
            raise NotFound("gone") if one == "a-1" else RuntimeError("a bug")

    floor.on_look = raises
    swept = floor.sweeps(*due_in("a", 8))

    assert sorted(swept.failed) == [("a-1", "not_found"), ("a-2", "RuntimeError"), ("a-3", "RuntimeError")]
    assert sorted(floor.put_back) == ["a-1", "a-2", "a-3"]
    assert (swept.looked, swept.stuck, len(floor.looked)) == (8, 0, 8)


def test_one_that_cannot_be_put_back_is_counted_because_it_is_due_still() -> None:
    clock = FixedClock()

    def fails(one: str) -> None:
        raise RuntimeError("a bug")

    swept = Shift(clock).look_at_all(["a"], Looking(str, fails, lane=str, put_back=fails))

    assert swept == Swept(1, [("a", "RuntimeError")], stuck=1)


def test_one_that_cannot_be_read_keeps_nobody_from_its_look() -> None:
    looked: list[str] = []

    def read(one: str) -> str:
        if one == "b":
            raise NotFound("gone")
        return one

    swept = Shift(FixedClock(), ABREAST).look_at_all("abc", Looking(read, looked.append, lane=str))

    assert swept.failed == [("b", "not_found")]
    assert sorted(looked) == ["a", "c"]


def test_a_run_ends_before_lambda_ends_it() -> None:
    time_out_of_a_call, of_the_function = timedelta(seconds=8), timedelta(seconds=55)

    assert RUN_TIME + 3 * time_out_of_a_call < of_the_function
    assert LANE_TIME < RUN_TIME
