"""The one table of measurements: what was measured, its figure, its goal; printed and written as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Final

_WIDTH: Final = 58


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. A ratio has the unit ``x``; ``detail`` says what it was made of, in this run's absolute numbers."""

    part: str
    name: str
    value: float
    unit: str = "x"
    goal: float | None = None
    detail: str = ""

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        return "holds" if self.value <= self.goal else "MISSED"


def as_text(rows: Iterable[Row]) -> str:
    lines = []
    for part, those in groupby(rows, key=lambda row: row.part):
        lines += ["", part, f"  {'':<{_WIDTH}}{'figure':>12}{'goal':>8}"]
        lines += [_line(row) for row in those]
    return "\n".join(lines)


def as_json(rows: Iterable[Row]) -> str:
    return json.dumps([asdict(row) | {"verdict": row.verdict} for row in rows], indent=1)


def _line(row: Row) -> str:
    figure = f"{row.value:.2f}" if row.unit == "x" else f"{row.value:,.4g} {row.unit}"
    goal = "" if row.goal is None else f"{row.goal:g}"
    return f"  {row.name:<{_WIDTH}}{figure:>12}{goal:>8}  {row.verdict:<7} {row.detail}".rstrip()
