"""The previous release as a tree of files, from this repository's own history."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Final

import click

from tools.local.deploy import ROOT

PREVIOUS: Final = "v0.2.0"
_ITS_COMMIT: Final = "2d9b3c4"  # where a clone has no tags


def previous(folder: Path, wanted: str = PREVIOUS, instead: str = _ITS_COMMIT) -> tuple[str, Path]:
    """Its name and its files, laid into ``folder``. Ends the program where the history does not reach that far."""
    return _laid(folder, wanted, instead)


def named(folder: Path, wanted: str) -> tuple[str, Path]:
    """The same of any tag or commit; another is never taken in its place."""
    return _laid(folder, wanted)


def _laid(folder: Path, *names: str) -> tuple[str, Path]:
    for name in names:
        if _is_known(name):
            _lay(name, folder)
            return name, folder
        click.secho(f"WARNING: this clone does not know {name}", fg="red", bold=True, err=True)
    sys.exit(
        f"{' or '.join(names)} is not in this clone: git fetch --tags (a shallow one: git fetch --unshallow --tags; "
        "actions/checkout: fetch-depth: 0)"
    )


def _is_known(name: str) -> bool:
    command = ["git", "rev-parse", "--quiet", "--verify", f"{name}^{{commit}}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0


def _lay(name: str, folder: Path) -> None:
    packed = subprocess.run(["git", "archive", "--format=tar", name], cwd=ROOT, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
