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
MEANT: Final = dict(re.findall(r"^(AT|CONNECTOR) = (.+)", MAKEFILE, re.MULTILINE))
DOCUMENTS: Final = [Path("README.md"), Path("CONTRIBUTING.md"), *sorted(Path("docs").rglob("*.md"))]
# `make connector-test MERCHANT=m_... SET="name=value ..."`, in a sentence or on a line of its own
COMMAND: Final = re.compile(r"""\bmake ([a-z-]+)((?: +[A-Z_]+=(?:"[^"]*"|[^\s`"]*))+)""")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", "--silent", *arguments], capture_output=True, text=True, timeout=900, check=False)


def test_help_has_every_command_on_a_line_of_its_own() -> None:
    lines = make("help").stdout.splitlines()

    assert [line.split()[:2] for line in lines] == [["make", name] for name in LISTED]
    assert all(len(line.split("  ")[1]) < 30 for line in lines), "what a command does stands beside it"


def test_documents_name_no_option_that_its_command_does_not_take() -> None:
    """An option that is not there is taken by make without a word, and does nothing."""
    named = {(command, option) for path in DOCUMENTS for command, option in options(path.read_text())}

    assert len(named) > 40
    assert [f"make {command} {option}=" for command, option in sorted(named) if option not in taken(command)] == []


def options(text: str) -> list[tuple[str, str]]:
    return [
        (command, option) for command, given in COMMAND.findall(text) for option in re.findall(r"([A-Z_]+)=", given)
    ]


def taken(command: str) -> set[str]:
    """Every variable that the lines of a command ask for."""
    found = re.search(rf"^{command}: .*((?:\n\t.*)*)", MAKEFILE, re.MULTILINE)
    lines = found[1] if found else ""
    while any(f"$({name})" in lines for name in MEANT):
        lines = re.sub(r"\$\(([A-Z]+)\)", lambda name: MEANT.get(name[1], name[1]), lines)
    return set(re.findall(r"\b[A-Z_]{3,}\b", lines))


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
