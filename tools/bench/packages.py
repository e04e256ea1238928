"""Packages for cold starts: what is deployed, and boto3 alone for the handler that ours are held against."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from tools.local.built import built
from tools.local.deploy import ROOT
from tools.ops.build import base_python, target_here

CACHE: Final = ROOT / ".cache" / "bench"
_PINS: Final = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "python-dateutil", "six")


def prepared() -> dict[str, str]:
    """``ours``: what is deployed, built for this interpreter. ``reference``: boto3 alone. Both with bytecode.

    Each as PYTHONPATH wants it. Made once for each state of the sources.
    """
    this = target_here(f"{sys.version_info.major}.{sys.version_info.minor}", base_python())
    return {"reference": str(_reference()), "ours": built(this).path}


def bundles(packages: dict[str, str], certificate: Path, folder: Path) -> dict[str, str]:
    """A file of trusted roots for each side: those that its botocore brings, and ``certificate``."""
    made = {}
    for side, paths in packages.items():
        (brought,) = (path for home in paths.split(os.pathsep) for path in Path(home).glob("botocore/cacert.pem"))
        bundle = folder / f"{side}.pem"
        bundle.write_bytes(brought.read_bytes() + b"\n" + certificate.read_bytes())
        made[side] = str(bundle)
    return made


def _reference() -> Path:
    reference = CACHE / f"reference-{sys.version_info.minor}-{version('botocore')}"
    if not reference.is_dir():
        uv = ROOT / ".tools" / "uv" / "bin" / "uv"
        pins = [f"{name}=={version(name)}" for name in _PINS]
        install: list[Any] = [uv, "pip", "install", "--quiet", "--link-mode", "copy", "--target", reference, *pins]
        subprocess.run(install, check=True)
        subprocess.run([base_python(), "-m", "compileall", "-q", str(reference)], check=True)
    return reference
