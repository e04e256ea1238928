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
    for name in (wanted, instead):
        if _is_known(name):
            _lay(name, folder)
            return name, folder
        click.secho(f"WARNING: this clone does not know {name}", fg="red", bold=True, err=True)
    sys.exit(f"neither {wanted} nor {instead} is in this clone's history: git fetch --unshallow --tags")


def _is_known(name: str) -> bool:
    command = ["git", "rev-parse", "--quiet", "--verify", f"{name}^{{commit}}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0


def _lay(name: str, folder: Path) -> None:
    packed = subprocess.run(["git", "archive", "--format=tar", name], cwd=ROOT, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
