"""Cold starts are measured: processes of what is deployed answer over TLS, and their figures become rows."""

from __future__ import annotations

import shutil

import pytest

from tools.bench import instructions
from tools.bench.additions import ADDITIONS
from tools.bench.cold import EACH, PART, measured
from tools.bench.processes import REFERENCE


@pytest.mark.cloud
def test_a_handler_on_the_way_of_a_payment_is_started_beside_the_bare_one() -> None:
    rows = measured(1, ["state"])

    assert [row.name for row in rows if row.part == PART] == [f"{REFERENCE}, against itself", "state"]
    assert [row.name for row in rows if row.part == EACH] == list(ADDITIONS)
    assert all(row.value > 0 for row in rows if row.part == PART)
    assert [row.goal for row in rows if row.name == "state"] == [1.25]


@pytest.mark.cloud
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind counts instructions")
def test_what_makes_and_what_changes_a_payment_starts_with_no_more_instructions_than_its_goal() -> None:
    """Those that need the most; their counts are the same in every run, to a few of a thousand million."""
    names = ("order's payment", "holder's word", "order's refund")

    rows = instructions.measured(names)

    assert tuple(row.name for row in rows) == names
    assert all(1 < row.value <= instructions.GOAL for row in rows), rows
