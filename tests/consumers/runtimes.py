"""Other people's runtimes and libraries: found or installed once below .cache, or loudly left out."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from tools.local.deploy import ROOT

CACHE = ROOT / ".cache" / "consumers"
NODE_PACKAGES = Path(__file__).with_name("node")
# What uv and npm say, after tries of their own, of a registry that is away or down; not of one that says no.
UNREACHABLE = re.compile(
    r"\bE(AI_AGAIN|NOTFOUND|CONN(RESET|REFUSED)|TIMEDOUT|(NET|HOST)UNREACH|429|5\d\d)\b"
    r"|error sending request|HTTP status server error|429 Too Many"
)
_out_of_reach: dict[Path, str] = {}  # by folder: such tries take minutes, and one of them is enough


def runtime(name: str) -> str:
    """The path of a program. Without it the test is left out, which the summary says; under CI node is a must."""
    found = shutil.which(name)
    if found is None:
        message = f"{name} is not installed: what it would have checked was NOT checked"
        if name in ("node", "npm") and os.environ.get("CI"):
            pytest.fail(message)
        _left_out(message)
    return found


def _left_out(message: str) -> NoReturn:
    print(f"\n*** {message} ***", file=sys.__stderr__)
    pytest.skip(message)


def python_packages(*requirements: str) -> Path:
    """A folder with exactly these packages, for PYTHONPATH."""
    folder = CACHE / "-".join(requirements).replace("==", "-")
    with _locked(folder):
        if not (folder / ".done").exists():
            _run(
                [
                    _uv(),
                    "pip",
                    "install",
                    "--quiet",
                    "--target",
                    str(folder),
                    "--python",
                    sys.executable,
                    *requirements,
                ],
                folder,
            )
            (folder / ".done").touch()
    return folder


def node_packages(locked: Path = NODE_PACKAGES) -> Path:
    """The packages that ``locked`` names, installed by ``npm ci``; returns the folder that has node_modules."""
    npm = runtime("npm")
    folder = CACHE / locked.name
    lock = (locked / "package-lock.json").read_text()
    with _locked(folder):
        folder.mkdir(parents=True, exist_ok=True)
        done = folder / ".done"
        if not done.exists() or done.read_text() != lock:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(locked / name, folder / name)
            _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"], folder)
            done.write_text(lock)
    return folder


def beside_node_modules(program: Path) -> Path:
    """A copy of ``program`` where node finds the packages."""
    copy = node_packages() / program.name
    with _locked(copy):
        shutil.copy(program, copy)
    return copy


def _uv() -> str:
    for candidate in (ROOT / ".tools" / "uv" / "bin" / "uv", shutil.which("uv"), os.environ.get("UV")):
        if candidate and Path(candidate).exists():
            return str(candidate)
    pytest.fail("uv was not found: run the tests with make, which installs it")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time: several workers of one test run may want the same packages."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(command: Sequence[str], folder: Path) -> None:
    """Install into ``folder``. A registry that is out of reach fails nobody: it says nothing of what is checked."""
    if folder not in _out_of_reach:
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900, check=False)
        if done.returncode and not UNREACHABLE.search(done.stderr):
            pytest.fail(f"{' '.join(command)} failed: {done.stderr[-2000:]}")
        if done.returncode:
            _out_of_reach[folder] = next(filter(UNREACHABLE.search, done.stderr.splitlines())).strip()
    if folder in _out_of_reach:
        _left_out(
            f"{folder.name} cannot be had ({_out_of_reach[folder]}): what it would have checked was NOT checked"
        )
