"""``make build``: ``sam build`` for Lambda's runtime, then bytecode for it. The same for whatever runs here."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.local.deploy import ROOT
from tools.ops.lean import trim
from tools.ops.packing import FUNCTIONS, pack

RUNTIME: Final = "3.13"  # what the template asks for
BUILD: Final = ROOT / ".aws-sam" / "build"
# Each part of a build, and where Lambda unpacks it.
PARTS: Final = {FUNCTIONS: "/var/task", "SharedLayer": "/opt", "DependenciesLayer": "/opt"}


@dataclass(frozen=True, slots=True)
class Target:
    """What a build is for: a minor version such as "3.13", with its interpreter here, and a kind of machine."""

    version: str
    interpreter: Path
    architecture: str = "arm64"  # what the template asks for
    platform: str = "aarch64-manylinux2014"  # the same for uv, with its system


def main() -> None:
    """What is deployed. Ends with a message where the runtime has no interpreter: another's code would not load."""
    build(deployed())
    sys.stdout.write(f"Built for python{RUNTIME}: a function with its layers has {unzipped() / 1e6:.1f} MB\n")


def unzipped(folder: Path = BUILD) -> int:
    """Bytes of one function and both layers, as Lambda unpacks them."""
    return sum(path.stat().st_size for part in PARTS for path in (folder / part).rglob("*") if path.is_file())


def deployed() -> Target:
    """The template's runtime. Ends the program with a message when no interpreter of it is installed."""
    for found in _interpreters(f"python{RUNTIME}"):
        return Target(RUNTIME, found)
    sys.exit(
        f"Lambda runs python{RUNTIME}, and none was found here: install it, for example: pyenv install {RUNTIME}"
    )


def runnable() -> Target:
    """What runs on this machine: the template's runtime if an interpreter of it is installed, else this one's."""
    version, interpreter = ".".join(platform.python_version_tuple()[:2]), base_python()
    for found in _interpreters(f"python{RUNTIME}"):
        version, interpreter = RUNTIME, found
        break
    return target_here(version, interpreter)


def target_here(version: str, interpreter: Path) -> Target:
    """This kind of machine and its system."""
    processor = "aarch64" if platform.machine().lower() in ("arm64", "aarch64") else "x86_64"
    system = "apple-darwin" if sys.platform == "darwin" else "manylinux2014"
    return Target(version, interpreter, {"aarch64": "arm64"}.get(processor, processor), f"{processor}-{system}")


def sam_program() -> str:
    """The locked SAM of this environment, or what ``SAM`` names."""
    return os.environ.get("SAM") or str(Path(sys.executable).parent / "sam")


def base_python() -> Path:
    """The interpreter that runs this, without this environment's packages."""
    return Path(getattr(sys, "_base_executable", sys.executable))


def build(target: Target, folder: Path = BUILD) -> None:
    """Run ``sam build`` into ``folder``, compile what it made, and pack it. Raises CalledProcessError when one fails.

    The archives are the same, byte by byte, wherever and whenever the same sources are built for the same target.
    """
    programs = (str(target.interpreter.parent), str(Path(sys.executable).parent), os.environ["PATH"])
    environment = {
        **os.environ,
        "PATH": os.pathsep.join(programs),
        "SAM_CLI_TELEMETRY": "0",
        "AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "eu-south-1"),
        "UV": str(ROOT / ".tools" / "uv" / "bin" / "uv"),
        "LAMBDA_PYTHON": target.version,
        "LAMBDA_PLATFORM": target.platform,
    }
    overrides = f"LambdaRuntime=python{target.version} LambdaArchitecture={target.architecture}"
    command = [sam_program(), "build", "--build-dir", str(folder), "--parameter-overrides", overrides]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    trim(folder / "DependenciesLayer")
    _compile(folder, target.interpreter, environment)
    pack(folder, tuple(PARTS))


def _compile(folder: Path, interpreter: Path, environment: dict[str, str]) -> None:
    """Bytecode that is valid whatever date a file is given; of other people's packages, nothing but bytecode.

    SAM ships none and zips with 1980 dates, which void timestamps: hashes that are not checked stay valid. The
    packages' native parts bind them to one minor version anyway, and their sources would be a third of the layer. It
    names files as they are called on Lambda, and nothing of where it was made.
    """
    layer = folder / "DependenciesLayer"
    clean = {name: value for name, value in environment.items() if not name.startswith("PYTHON")}
    clean["PYTHONHASHSEED"] = "0"
    compiler = [str(interpreter), "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    for part, there in PARTS.items():
        beside = ["-b"] if part == layer.name else []
        subprocess.run(
            [*compiler, *beside, "-s", str(folder / part), "-p", there, str(folder / part)], env=clean, check=True
        )
    for source in layer.rglob("*.py"):
        source.unlink()


def _interpreters(name: str) -> list[Path]:
    on_path = shutil.which(name)
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    pyenv = sorted((root / "versions").glob(f"{RUNTIME}*/bin/{name}"))
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
