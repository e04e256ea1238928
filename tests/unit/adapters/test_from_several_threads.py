"""What housekeeping uses from several threads at once."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from shared.adapters import aws, metrics


class Pieces:
    """Standard output, by what was written at a time."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, text: str) -> int:
        self.written.append(text)
        return len(text)


def side_by_side(act: Callable[[int], object], threads: int = 8) -> None:
    begun = [threading.Thread(target=act, args=(number,)) for number in range(threads)]
    for thread in begun:
        thread.start()
    for thread in begun:
        thread.join()


def test_a_metric_is_one_whole_line_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Pieces()
    monkeypatch.setattr(sys, "stdout", out)

    side_by_side(lambda number: metrics.count("Told", number + 1, connector=f"c{number}"))

    assert all(piece.endswith("\n") for piece in out.written)
    told = [json.loads(piece) for piece in out.written]
    assert sorted(line["Told"][0] for line in told) == [1, 2, 3, 4, 5, 6, 7, 8]


class OneAtATime:
    """A session that breaks when two threads are in it, as botocore's does."""

    def __init__(self) -> None:
        self.inside = threading.Lock()
        self.made: list[str] = []

    def create_client(self, service: str, config: object) -> object:
        assert self.inside.acquire(blocking=False), "two at once"
        try:
            threading.Event().wait(0.005)
            self.made.append(service)
        finally:
            self.inside.release()
        return object()


def test_clients_are_made_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    session = OneAtATime()
    broken: list[Any] = []
    monkeypatch.setattr(aws, "_session", lambda: session)
    monkeypatch.setattr(threading, "excepthook", broken.append)
    aws.client.cache_clear()

    side_by_side(lambda number: aws.client(f"service-{number}"))

    aws.client.cache_clear()
    assert broken == []
    assert len(session.made) == 8
