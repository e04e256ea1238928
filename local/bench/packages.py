"""Packages for cold starts: what is deployed, and boto3 alone for the handler that ours are held against."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from local import build
from local.deploy import ROOT

CACHE: Final = ROOT / ".cache" / "bench"
_PARTS: Final = ("PaymentInit", "SharedLayer/python", "DependenciesLayer/python")
_PINS: Final = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "python-dateutil", "six")
_SOURCES: Final = ("functions", "shared", "layers", "template.yaml", "uv.lock", "local/build.py", "local/lean.py")


def prepared() -> dict[str, str]:
    """``ours``: what is deployed, built for this interpreter. ``reference``: boto3 alone. Both with bytecode.

    Each as PYTHONPATH wants it. Made once for each state of the sources.
    """
    return {"reference": str(_reference()), "ours": os.pathsep.join(str(_ours() / part) for part in _PARTS)}


def bundles(packages: dict[str, str], certificate: Path, folder: Path) -> dict[str, str]:
    """A file of trusted roots for each side: those that its botocore brings, and ``certificate``."""
    made = {}
    for side, paths in packages.items():
        (brought,) = (path for home in paths.split(os.pathsep) for path in Path(home).glob("botocore/cacert.pem"))
        bundle = folder / f"{side}.pem"
        bundle.write_bytes(brought.read_bytes() + b"\n" + certificate.read_bytes())
        made[side] = str(bundle)
    return made


def base_python() -> str:
    """The interpreter itself, without this environment's packages."""
    return str(getattr(sys, "_base_executable", sys.executable))


def _ours() -> Path:
    """A copy, so that another build beside a measurement does not change what is measured."""
    kept = CACHE / f"ours-{_state()}"
    if not kept.is_dir():
        for old in CACHE.glob("ours-*"):
            shutil.rmtree(old)
        build.build(f"{sys.version_info.major}.{sys.version_info.minor}", Path(base_python()), architecture="x86_64")
        unfinished = CACHE / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in _PARTS:
            shutil.copytree(build.BUILD / part, unfinished / part)
        unfinished.rename(kept)
    return kept


def _state() -> str:
    """Of everything that a build reads, and of the interpreter."""
    digest = hashlib.sha256(sys.version.encode())
    for source in _SOURCES:
        whole = ROOT / source
        for path in sorted(whole.rglob("*")) if whole.is_dir() else [whole]:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _reference() -> Path:
    reference = CACHE / f"reference-{sys.version_info.minor}-{version('botocore')}"
    if not reference.is_dir():
        uv = ROOT / ".tools" / "uv" / "bin" / "uv"
        pins = [f"{name}=={version(name)}" for name in _PINS]
        install: list[Any] = [uv, "pip", "install", "--quiet", "--link-mode", "copy", "--target", reference, *pins]
        subprocess.run(install, check=True)
        subprocess.run([base_python(), "-m", "compileall", "-q", str(reference)], check=True)
    return reference
