"""``make new-gateway``: a skeleton that breaks nothing that was there, and fails the contract suite all along."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shared.adapters.card_gateways import CARD_GATEWAYS
from tests.contract import test_card_gateways
from tests.contract.connectors import sentences
from tools.new_gateway.skeleton import CHANGES, NEW, NotWritten, skeleton

ROOT = Path(__file__).parents[2]
SUITE = "tests/contract/test_card_gateways.py"


def run(where: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(where), "PATH": "/usr/bin:/bin", "HOME": str(where)}
    whole = [sys.executable, "-m", *command]
    return subprocess.run(whole, cwd=where, env=environment, capture_output=True, text=True, timeout=900, check=False)


def counted(done: subprocess.CompletedProcess[str], what: str) -> int:
    found = re.search(rf"(\d+) {what}", done.stdout.splitlines()[-1])
    return int(found[1]) if found else 0


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project elsewhere, with a gateway named cardea."""
    where = tmp_path_factory.mktemp("project")
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, files.split("\0")):
        if (ROOT / name).is_file():
            (where / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, where / name)
    if (ROOT / ".mypy_cache").is_dir():  # half a minute
        shutil.copytree(ROOT / ".mypy_cache", where / ".mypy_cache")
    done = run(where, "tools.new_gateway", "--name", "cardea")
    assert done.returncode == 0, done.stderr
    assert f"pytest -x {SUITE} -k cardea" in done.stdout
    return where


def test_the_contract_suite_fails_for_it_sentence_by_sentence(copy: Path) -> None:
    done = run(copy, "pytest", "-q", "--tb=line", "-p", "no:cacheprovider", SUITE, "-k", "cardea")

    told = done.stdout.splitlines()[-1]
    about_what_it_does_not_claim = counted(done, "skipped")
    assert counted(done, "failed") + about_what_it_does_not_claim == len(sentences(test_card_gateways)), told
    assert about_what_it_does_not_claim < 30
    assert (counted(done, "passed"), counted(done, "error")) == (0, 0), told
    reasons = {line.partition("Error: ")[2] for line in done.stdout.splitlines() if "NotImplementedError: " in line}
    assert "open a page at Cardea; keep in ``handle`` what finds it again" in reasons


def test_nothing_else_is_broken(copy: Path) -> None:
    others = [SUITE, "tests/unit/test_connect.py", "tests/unit/adapters/test_connector_checks.py"]

    only_fast = " and ".join(f"not {name}" for name in ("cardea", *CARD_GATEWAYS) if name != "sandbox")
    done = run(copy, "pytest", "-q", "-p", "no:cacheprovider", *others, "-k", only_fast)

    assert done.returncode == 0, done.stdout
    assert counted(done, "passed") > 150


@pytest.mark.parametrize("tool", [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)], ids=str)
def test_it_is_in_the_houses_form(copy: Path, tool: tuple[str, ...]) -> None:
    done = run(copy, *tool)

    assert done.returncode == 0, done.stdout + done.stderr


def test_an_operator_cannot_set_it_up_before_it_is_written(copy: Path) -> None:
    asks = (
        "from shared.adapters.connector_checks import CHECKS\n"
        "from shared.domain.account import Role\n"
        "from shared.domain.errors import Refused\n"
        "try:\n"
        "    CHECKS[Role.CARD_GATEWAY]['cardea'](None, 'test', {})\n"
        "except Refused as error:\n"
        "    print(error)\n"
    )
    (copy / "asks.py").write_text(asks)

    assert "not written" in run(copy, "asks").stdout


def test_it_stands_in_every_table_and_in_the_guide(copy: Path) -> None:
    for path in CHANGES:
        assert (copy / path).read_text() != (ROOT / path).read_text()
    assert "\n## Cardea\n" in (copy / "docs/guides/connectors.md").read_text()
    assert all((copy / path.format(name="cardea")).is_file() for path in NEW)


def test_it_is_not_written_over_one_that_is_there(copy: Path) -> None:
    before = {path: path.read_bytes() for path in copy.rglob("*.py")}

    done = run(copy, "tools.new_gateway", "--name", "cardea")

    assert done.returncode == 1
    assert "nothing was written: there is" in done.stderr
    assert {path: path.read_bytes() for path in copy.rglob("*.py")} == before


@pytest.mark.parametrize(
    "name", ["", "A", "Cardea", "a-b", "1cardea", "../cardea", "class", "x" * 21, *CARD_GATEWAYS]
)
def test_other_names_are_refused_and_nothing_is_written(name: str) -> None:
    with pytest.raises(NotWritten):
        skeleton(ROOT, name)


def test_a_table_that_cannot_be_found_is_not_guessed_at(tmp_path: Path) -> None:
    for path in CHANGES:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("SOMETHING_ELSE = {}\n")

    with pytest.raises(NotWritten, match="CARD_GATEWAYS"):
        skeleton(tmp_path, "cardea")
