"""The table of measurements: what is printed, and whether a goal holds."""

from __future__ import annotations

import importlib
import json

import pytest

from tools.bench.__main__ import PARTS
from tools.bench.table import Row, as_json, as_text

RATIO = Row("cold", "init", 1.2, goal=1.25, detail="200 ms")


@pytest.mark.parametrize(
    ("row", "verdict"),
    [(RATIO, "holds"), (Row("cold", "x", 1.25, goal=1.25), "holds"), (Row("cold", "x", 1.26, goal=1.25), "MISSED")],
)
def test_a_goal_holds_up_to_its_own_value(row: Row, verdict: str) -> None:
    assert row.verdict == verdict


def test_what_has_no_goal_has_no_verdict() -> None:
    assert Row("cold", "reference", 1.0).verdict == ""


def test_each_part_has_its_rows_under_its_name() -> None:
    text = as_text([RATIO, Row("counts", "create", 3, "calls", 3)])

    assert text.index("cold") < text.index("init") < text.index("counts") < text.index("create")
    assert "1.20" in text
    assert "3 calls" in text
    assert "200 ms" in text


def test_the_json_says_the_same_and_the_verdict() -> None:
    (row,) = json.loads(as_json([RATIO]))

    assert row == {
        "part": "cold",
        "name": "init",
        "value": 1.2,
        "unit": "x",
        "goal": 1.25,
        "detail": "200 ms",
        "verdict": "holds",
    }


@pytest.mark.parametrize("part", PARTS)
def test_every_part_can_be_measured(part: str) -> None:
    assert callable(importlib.import_module(f"tools.bench.{part}").measure)
