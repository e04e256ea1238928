"""The Makefile, the only door to commands: what it lists, and what it says to somebody who leaves something out."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

MAKEFILE: Final = Path("Makefile").read_text()
NEEDS: Final = dict(re.findall(r"^([a-z-]+): [^\n]*\n\t@\$\(call need,([A-Z_ ]+)\)", MAKEFILE, re.MULTILINE))
LISTED: Final = re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE)


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", "--silent", *arguments], capture_output=True, text=True, timeout=120, check=False)


def test_help_has_every_command_on_a_line_of_its_own() -> None:
    lines = make("help").stdout.splitlines()

    assert [line.split()[:2] for line in lines] == [["make", name] for name in LISTED]
    assert all(len(line.split("  ")[1]) < 30 for line in lines), "what a command does stands beside it"


@pytest.mark.parametrize("command", NEEDS)
def test_command_says_what_it_cannot_do_without(command: str) -> None:
    given: list[str] = []
    for name in NEEDS[command].split():
        done = make(command, *given)

        assert done.returncode != 0
        assert f"{name}= is missing" in done.stderr
        given.append(f"{name}=x")


@pytest.mark.parametrize("named", ["", "payment.nowhere"])
def test_sample_of_a_handler_that_is_not_there_names_those_that_are(named: str) -> None:
    done = subprocess.run(
        [".venv/bin/python", "-m", "tools.testing.calling", named], capture_output=True, text=True, check=False
    )

    assert done.returncode != 0
    assert "payment.init" in done.stderr
    assert "Traceback" not in done.stderr
