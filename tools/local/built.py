"""What is deployed, built for an interpreter of this machine: one build for every state of the sources."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pages.build import build as build_pages
from tools.local.deploy import ROOT
from tools.ops.build import PARTS, Target, build, runnable

CACHE: Final = ROOT / ".cache" / "built"
_KEPT: Final = 4
_SOURCES: Final = (
    "functions",
    "shared",
    "layers",
    "template.yaml",
    "uv.lock",
    "tools/ops/build.py",
    "tools/ops/lean.py",
    "tools/ops/packing.py",
)


@dataclass(frozen=True, slots=True)
class Built:
    """``folder`` holds one function's code and both layers, as ``make build`` makes them, and their archives."""

    folder: Path
    target: Target

    @property
    def functions(self) -> Path:
        return self.folder / "PaymentInit"

    @property
    def layers(self) -> tuple[Path, Path]:
        """What Lambda puts on a function's path behind its own code."""
        return self.folder / "SharedLayer" / "python", self.folder / "DependenciesLayer" / "python"

    @property
    def path(self) -> str:
        """Code and layers, as PYTHONPATH wants them."""
        return os.pathsep.join(map(str, (self.functions, *self.layers)))


def built(target: Target | None = None) -> Built:
    """The output of a build for ``target``, by itself for what this machine can run.

    Made once for each state of the sources, whoever asks first: processes wait for one another.
    """
    target = target or runnable()
    build_pages()  # the shared layer carries payglobe.js
    kept = CACHE / _state(target)
    with _alone():
        if not kept.is_dir():
            unfinished = CACHE / "unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            build(target, unfinished / "all")
            for part in PARTS:
                (unfinished / "all" / part).rename(unfinished / part)
                (unfinished / "all" / f"{part}.zip").rename(unfinished / f"{part}.zip")
            shutil.rmtree(unfinished / "all")
            _forget_oldest()
            unfinished.rename(kept)
    return Built(kept, target)


@contextmanager
def _alone() -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget_oldest() -> None:
    """Keep a few: another run may be at work on one of them."""
    builds = sorted((path for path in CACHE.glob("python*") if path.is_dir()), key=lambda path: path.stat().st_ctime)
    for old in builds[: 1 - _KEPT]:
        shutil.rmtree(old)


def _state(target: Target) -> str:
    """Of everything that a build reads, and of the interpreter."""
    exact = subprocess.run([target.interpreter, "-VV"], capture_output=True, check=True).stdout
    digest = hashlib.sha256(exact + target.platform.encode())
    for source in _SOURCES:
        whole = ROOT / source
        for path in sorted(whole.rglob("*")) if whole.is_dir() else [whole]:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return f"python{target.version}-{digest.hexdigest()[:16]}"
