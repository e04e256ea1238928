"""What ``make build`` makes: everything a handler imports, with bytecode that stays valid, and not much else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from local import build
from local.lean import SERVICES
from local.routes import modules

DATES_OF_A_ZIP = 315532800  # 1980-01-01: what packaging makes of every file's time
LIMIT_MB = 20
INTERPRETER = str(getattr(sys, "_base_executable", sys.executable))  # without this environment's packages


@pytest.fixture(scope="module")
def built() -> list[Path]:
    """The function's folder and both layers, built for the interpreter that runs this test."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    build.build(version, Path(INTERPRETER), architecture="x86_64")
    parts = [build.BUILD / name for name in ("PaymentInit", "SharedLayer/python", "DependenciesLayer/python")]
    for part in parts:
        for path in part.rglob("*"):
            os.utime(path, (DATES_OF_A_ZIP, DATES_OF_A_ZIP))
    return parts


def test_every_handler_imports_from_what_is_deployed_and_nothing_is_compiled(built: list[Path]) -> None:
    code = f"import importlib\nfor name in {modules()!r}: importlib.import_module(name)"
    environment = {"PYTHONPATH": os.pathsep.join(map(str, built)), "PATH": os.environ["PATH"]}

    done = subprocess.run(
        [INTERPRETER, "-S", "-v", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, [line for line in done.stderr.splitlines() if "Error" in line]
    from_source = re.findall(r"# code object from '([^']+\.py)'", done.stderr)
    assert [path for path in from_source if str(build.BUILD) in path] == []


def test_a_function_with_its_layers_stays_small(built: list[Path]) -> None:
    assert build.unzipped() / 1e6 <= LIMIT_MB


def test_every_service_the_code_asks_for_is_in_the_layer(built: list[Path]) -> None:
    sources = "\n".join(path.read_text() for path in Path("shared").rglob("*.py"))
    wanted = set(re.findall(r'aws\.client\("(\w+)"\)', sources))

    assert wanted
    assert wanted <= SERVICES
    assert all((built[2] / "botocore" / "data" / service).is_dir() for service in wanted)
