"""Fresh processes for cold starts: what one runs, with which packages, and what it may use of this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from local import build
from local.bench.warm import Scene
from local.deploy import ROOT

CACHE: Final = ROOT / ".cache" / "bench"
REFERENCE: Final = "bare boto3 DynamoDB handler"
_PINS: Final = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "python-dateutil", "six")
_BARE: Final = """
import boto3
client = boto3.client("dynamodb")
client.get_item(TableName="t", Key={"pk": {"S": "x"}})
"""
_HANDLER: Final = """
import importlib, json, sys
event = json.load(open(sys.argv[2]))
class Context:
    function_name = aws_request_id = invoked_function_arn = "bench"
    memory_limit_in_mb = 512
try:
    answer = importlib.import_module(sys.argv[1]).handler(event, Context())
except Exception as error:
    # What is looked for is not in the stub: after it was read, that is the first answer here.
    if sys.argv[3] == "answering" or type(error).__name__ not in ("NotFound", "KeyError"):
        raise
else:
    if sys.argv[3] == "answering" and (answer or {}).get("statusCode", 200) >= 300:
        raise SystemExit(answer["body"])
"""


@dataclass(frozen=True, slots=True)
class Start:
    """A process to time: ``code`` with ``arguments`` on these folders of packages; ``tape`` is what AWS answers."""

    name: str
    code: str
    packages: str
    arguments: tuple[str, ...] = ()
    tape: int = 0

    @property
    def command(self) -> list[str]:
        return [base_python(), "-S", "-c", self.code, *self.arguments]


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds of one process, from its start to its end after the first answer."""

    wall: float
    cpu: float


def run(start: Start, environment: Mapping[str, str]) -> Taken:
    """Raises RuntimeError when the process fails."""
    before, began = os.times(), time.perf_counter()
    done = subprocess.run(
        start.command, env=environment_of(start, environment), capture_output=True, text=True, timeout=60, check=False
    )
    wall, after = time.perf_counter() - began, os.times()
    if done.returncode:
        raise RuntimeError(f"{start.name}: {done.stderr[-2000:]}")
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return Taken(wall, cpu)


def environment_of(start: Start, environment: Mapping[str, str]) -> dict[str, str]:
    """Nothing of ours but what is named: PYTHON* and *_CA_BUNDLE would change the figures in silence."""
    kept = {name: value for name, value in environment.items() if not name.startswith("PYTHON")}
    return {"PATH": os.environ["PATH"], **kept, "PYTHONPATH": start.packages, "PYTHONHASHSEED": "0"}


# ---- what is started ----


def bare(packages: Mapping[str, str]) -> Start:
    return Start(REFERENCE, _BARE, packages["reference"])


def with_addition(name: str, code: str, packages: Mapping[str, str]) -> Start:
    """The bare handler and what ``code`` adds to it; the packages it brings come from the layer."""
    return Start(name, _BARE + code, os.pathsep.join((packages["reference"], packages["ours"])))


def of_scene(scene: Scene, tape: int, packages: Mapping[str, str], folder: Path) -> Start:
    """A handler that is answered what it was answered before, so that it does its whole work."""
    event = folder / f"{tape}.json"
    event.write_text(json.dumps(scene.event))
    return Start(scene.name, _HANDLER, packages["ours"], (scene.module, str(event), "answering"), tape)


def of_module(module: str, packages: Mapping[str, str]) -> Start:
    """A handler that finds nothing: no key, no payment."""
    event = ROOT / "events" / f"{module.replace('.', '/')}.json"
    return Start(module, _HANDLER, packages["ours"], (module, str(event), "refusing"))


def prepared() -> dict[str, str]:
    """``ours``: what is deployed, built for this interpreter. ``reference``: boto3 alone. Both with bytecode."""
    build.build(f"{sys.version_info.major}.{sys.version_info.minor}", Path(base_python()), architecture="x86_64")
    reference = CACHE / f"reference-{version('botocore')}"
    if not reference.is_dir():
        uv = ROOT / ".tools" / "uv" / "bin" / "uv"
        pins = [f"{name}=={version(name)}" for name in _PINS]
        install: list[Any] = [uv, "pip", "install", "--quiet", "--link-mode", "copy", "--target", reference, *pins]
        subprocess.run(install, check=True)
        subprocess.run([base_python(), "-m", "compileall", "-q", str(reference)], check=True)
    parts = ("PaymentInit", "SharedLayer/python", "DependenciesLayer/python")
    ours = os.pathsep.join(str(build.BUILD / part) for part in parts)
    return {"reference": str(reference), "ours": ours}


def base_python() -> str:
    """The interpreter itself, without this environment's packages."""
    return str(getattr(sys, "_base_executable", sys.executable))
