"""Cold starts are measured: processes of what is deployed answer over TLS, and their figures become rows."""

from __future__ import annotations

import pytest

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
