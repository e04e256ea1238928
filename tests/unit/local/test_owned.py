"""A folder whose owner was killed is cleared by the next; one that anybody owns, or that is not ours, never is."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools.local.owned import make

PREFIX = "kept-"
OWNER = """
import sys
from tools.local.owned import make
folder = make("kept-")
(folder.path / "much").write_bytes(bytes(1000))
print(folder.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@contextmanager
def owner(temporary: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process that owns a folder until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER],
        env={"TMPDIR": str(temporary), "PYTHONPATH": "."},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


def test_what_a_killed_owner_left_is_cleared_by_the_next_and_what_is_owned_stays(temporary: Path) -> None:
    with owner(temporary) as (killed, left), owner(temporary) as (_, owned):
        killed.kill()
        killed.wait()
        assert (left / "much").exists()

        mine = make(PREFIX)

        assert not left.exists()
        assert (owned / "much").exists()
        assert mine.path.is_dir()
        mine.remove()
        assert not mine.path.exists()


def test_a_folder_stays_while_anybody_holds_its_mark(temporary: Path) -> None:
    first = make(PREFIX)
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, pass_fds=[first.mark.fileno()]
    ) as heir:
        first.mark.close()
        make(PREFIX)
        assert first.path.exists()
        heir.kill()
        heir.wait()

        make(PREFIX)

        assert not first.path.exists()


def test_what_is_not_ours_stays(temporary: Path) -> None:
    unmarked, elsewhere = temporary / f"{PREFIX}unmarked", temporary / "elsewhere"
    for folder in (unmarked, elsewhere):
        folder.mkdir()
    (elsewhere / "owner").touch()
    (temporary / f"{PREFIX}link").symlink_to(elsewhere)
    (temporary / f"{PREFIX}file").touch()

    make(PREFIX)

    assert unmarked.exists()
    assert (elsewhere / "owner").exists()
    assert (temporary / f"{PREFIX}file").exists()
