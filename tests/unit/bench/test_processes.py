"""Fresh processes for cold starts: what they see of this one's environment."""

from __future__ import annotations

import pytest

from tools.bench.processes import Start, environment_of, run

QUIET = Start("quiet", "import os, sys; sys.exit('PYTHONDONTWRITEBYTECODE' in os.environ)", "")


def test_nothing_of_ours_that_changes_figures_reaches_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("AWS_CA_BUNDLE", "/elsewhere.pem")

    seen = environment_of(QUIET, {"PYTHONPATH": "/elsewhere", "PAYMENTS_TABLE": "t"})

    assert seen.keys() == {"PATH", "PAYMENTS_TABLE", "PYTHONPATH", "PYTHONHASHSEED"}
    assert seen["PYTHONPATH"] == ""


def test_a_process_is_timed_from_its_start_to_its_end() -> None:
    taken = run(QUIET, {})

    assert 0 < taken.wall < 30
    assert taken.cpu >= 0


def test_a_process_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match="broken on purpose"):
        run(Start("broken", "raise SystemExit('broken on purpose')", ""), {})
