"""A process of its own: it has the environment it was given, and remembers."""

from __future__ import annotations

import os

import pytest

from tools.bench.apart import apart, worker


def remember(value: int) -> list[int]:
    KEPT.append(value)
    return KEPT


KEPT: list[int] = []


def test_work_apart_sees_the_environment_it_was_given_and_leaves_ours_alone() -> None:
    assert apart(os.getenv, "BENCH_ONLY_THERE", environment={"BENCH_ONLY_THERE": "yes"}) == "yes"
    assert os.getenv("BENCH_ONLY_THERE") is None


def test_a_worker_remembers_between_two_pieces_of_work() -> None:
    with worker({}) as run:
        run(remember, 1)

        assert run(remember, 2) == [1, 2]
    assert KEPT == []


def test_an_exception_apart_reaches_whoever_asked() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        apart(int, "x", environment={})
