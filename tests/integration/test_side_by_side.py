"""A run in two processes: every test once, and nothing between the beginning and the end of one that is alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CONFTEST = """
from pathlib import Path

import pytest

from tests import turns
from tests.turns import pytest_collection_modifyitems, pytest_runtest_protocol, pytest_xdist_make_scheduler

turns._TURNS = turns.Turns(Path("turns"))


@pytest.fixture(autouse=True)
def told(request):
    with Path("told").open("a") as file:
        file.write(f"begin {request.node.name}\\n")
        file.flush()
        yield
        file.write(f"end {request.node.name}\\n")
"""
FOLDERS = ("alone", "e2e", "unit")


def test_files_are_shared_out_and_what_is_alone_has_nothing_beside_it(tmp_path: Path) -> None:
    for folder in FOLDERS:
        (tmp_path / "tests" / folder).mkdir(parents=True)
        for file in range(4):
            tests = "".join(f"def test_{folder}_{file}_{number}(): pass\n" for number in range(4))
            (tmp_path / "tests" / folder / f"test_{file}.py").write_text(tests)
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider", "tests"],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )

    assert "48 passed" in run.stdout, run.stdout + run.stderr
    told = (tmp_path / "told").read_text().splitlines()
    assert len(told) == 2 * 48
    begun = [place for place, line in enumerate(told) if line.startswith("begin test_alone_")]
    assert len(begun) == 16
    assert all(told[place + 1] == told[place].replace("begin", "end") for place in begun)
    assert begun[0] > 48, told  # late, so that hardly anybody waits for it
