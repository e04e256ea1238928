"""What the whole run tries again: what waits for others, seldom, and never without a word."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Nothing of the run that this is part of.
OUTSIDE = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "MAKE", "MFLAGS"))}
# Fails when it is first run.
ONCE_BROKEN = """
from pathlib import Path

def test_it():
    seen = Path(__file__).with_suffix(".seen")
    first = not seen.exists()
    seen.touch()
    assert not first, "the machine was busy"
"""
BROKEN = "def test_it(): assert False"


def options() -> list[str]:
    """What ``make test`` says about it."""
    asked = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "-o", "pages", "test"],
        cwd=ROOT,
        env=OUTSIDE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return re.findall(r"--(?:max-suite-)?rerun\S*(?: (?!-)\S+)?", asked)


def ran(folder: Path, tests: dict[str, str]) -> tuple[int, str]:
    for name, source in tests.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    said = [part for option in options() for part in option.split(" ")]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "2",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(folder),
        *said,
        "tests",
    ]
    run = subprocess.run(command, cwd=folder, env=OUTSIDE, capture_output=True, text=True, timeout=900, check=False)
    return run.returncode, run.stdout


def test_what_waited_for_others_passes_at_its_second_try_and_its_failure_is_printed(tmp_path: Path) -> None:
    code, printed = ran(tmp_path, {"tests/browser/test_page.py": ONCE_BROKEN})

    assert code == 0, printed
    assert "1 passed, 1 rerun" in printed
    assert "AssertionError: the machine was busy" in printed


@pytest.mark.parametrize("place", ["unit/test_a.py", "property/test_a.py", "integration/test_simulator.py"])
def test_what_only_computes_fails_at_once(tmp_path: Path, place: str) -> None:
    code, printed = ran(tmp_path, {f"tests/{place}": ONCE_BROKEN})

    assert code == 1
    assert "1 failed" in printed


def test_what_is_broken_fails_and_many_that_break_are_not_all_tried_again(tmp_path: Path) -> None:
    code, printed = ran(tmp_path, {f"tests/e2e/test_{n}.py": BROKEN for n in range(6)})

    assert code == 1
    assert re.search(r"\b5 rerun", printed), printed
