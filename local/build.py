"""``make build``: ``sam build`` for a runtime this machine has an interpreter for, then bytecode for that runtime."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from local.deploy import ROOT
from local.lean import trim

RUNTIME: Final = "3.13"  # what the template asks for
BUILD: Final = ROOT / ".aws-sam" / "build"
_PLATFORMS: Final = {"arm64": "aarch64-manylinux2014", "x86_64": "x86_64-manylinux2014"}


def main() -> None:
    version, interpreter = runtime_here()
    if version != RUNTIME:
        sys.stderr.write(f"python{RUNTIME} was not found; building for python{version} instead.\n")
    build(version, interpreter)
    sys.stdout.write(f"Built for python{version}: a function with its layers has {unzipped() / 1e6:.1f} MB\n")


def unzipped() -> int:
    """Bytes of one function and both layers, as Lambda unpacks them. All functions share one folder of code."""
    parts = [BUILD / "DependenciesLayer", BUILD / "SharedLayer", BUILD / "PaymentInit"]
    return sum(path.stat().st_size for part in parts for path in part.rglob("*") if path.is_file())


def runtime_here() -> tuple[str, Path]:
    """The template's runtime if an interpreter of it is installed, else this one's (minor version, path)."""
    for found in _interpreters(f"python{RUNTIME}"):
        return RUNTIME, found
    return ".".join(platform.python_version_tuple()[:2]), Path(sys.executable)


def build(version: str, interpreter: Path, architecture: str = "arm64") -> None:
    """Run ``sam build`` and compile what it made. Raises CalledProcessError when either fails."""
    environment = {
        **os.environ,
        "PATH": f"{interpreter.parent}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "SAM_CLI_TELEMETRY": "0",
        "AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "eu-south-1"),
        "UV": str(ROOT / ".tools" / "uv" / "bin" / "uv"),
        "LAMBDA_PYTHON": version,
        "LAMBDA_PLATFORM": _PLATFORMS[architecture],
    }
    overrides = f"LambdaRuntime=python{version} LambdaArchitecture={architecture}"
    sam = shutil.which("sam", path=environment["PATH"]) or "sam"
    subprocess.run([sam, "build", "--parameter-overrides", overrides], cwd=ROOT, env=environment, check=True)
    trim(BUILD / "DependenciesLayer")
    _compile(interpreter, environment)


def _compile(interpreter: Path, environment: dict[str, str]) -> None:
    """Bytecode that is valid whatever date a file is given; of other people's packages, nothing but bytecode.

    SAM ships none and zips with 1980 dates, which void timestamps: hashes that are not checked stay valid. The
    packages' native parts bind them to one minor version anyway, and their sources would be a third of the layer.
    """
    layer = BUILD / "DependenciesLayer"
    clean = {name: value for name, value in environment.items() if not name.startswith("PYTHON")}
    compiler = [str(interpreter), "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([*compiler, "-b", str(layer)], env=clean, check=True)
    for source in layer.rglob("*.py"):
        source.unlink()
    subprocess.run([*compiler, str(BUILD)], env=clean, check=True)


def _interpreters(name: str) -> list[Path]:
    on_path = shutil.which(name)
    pyenv = sorted((Path.home() / ".pyenv" / "versions").glob(f"{RUNTIME}*/bin/{name}"))
    candidates = ([Path(on_path)] if on_path else []) + pyenv
    return [path for path in candidates if _is_really(path)]


def _is_really(path: Path) -> bool:
    """A pyenv shim may be there for a version that is not selected."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout
    except OSError:
        return False
    return re.match(rf"Python {re.escape(RUNTIME)}\.", said) is not None


if __name__ == "__main__":
    main()
