"""Fresh processes for cold starts: what one runs, with which packages, and what it may use of this machine."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.bench.scenes import Scene
from tools.ops.build import base_python
from tools.testing.calling import Event, example_event

REFERENCE: Final = "bare boto3 DynamoDB handler"
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
# The end of each process: its parent waits for this byte. What an interpreter then takes to clear itself away, some
# 80 ms with boto3, is nothing that a function does.
_ANSWERED: Final = """
import os
os.write(int(os.environ["BENCH_ANSWERED"]), b"!")
os._exit(0)
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
        # -P: or the sources in the folder this runs in would be imported instead of what is deployed.
        return [str(base_python()), "-S", "-P", "-c", self.code + _ANSWERED, *self.arguments]


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds of one process from its start to its first answer: by the clock, and of CPU."""

    wall: float
    cpu: float


def run(start: Start, environment: Mapping[str, str]) -> Taken:
    """Raises RuntimeError when the process fails."""
    answered, ours = os.pipe()
    with tempfile.TemporaryFile() as said, os.fdopen(answered, "rb", buffering=0) as pipe:
        try:
            variables = environment_of(start, environment) | {"BENCH_ANSWERED": str(ours)}
            command, began = start.command, time.perf_counter()
            process = subprocess.Popen(
                command, env=variables, stdout=subprocess.DEVNULL, stderr=said, pass_fds=[ours]
            )
        finally:
            os.close(ours)
        pipe.read(1)  # or its end, when the process fails
        wall = time.perf_counter() - began
        # Resource usage counts microseconds; os.times() would count hundredths of a second.
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{start.name}: {said.read().decode()[-2000:]}")
    return Taken(wall, used.ru_utime + used.ru_stime)


def environment_of(start: Start, environment: Mapping[str, str]) -> dict[str, str]:
    """Nothing of ours but what is named: PYTHON* and *_CA_BUNDLE would change the figures in silence."""
    kept = {name: value for name, value in environment.items() if not name.startswith("PYTHON")}
    return {"PATH": os.environ["PATH"], **kept, "PYTHONPATH": start.packages, "PYTHONHASHSEED": "0"}


# ---- what is started ----


def bare(packages: Mapping[str, str]) -> Start:
    return Start(REFERENCE, _BARE, packages["reference"])


def with_addition(name: str, code: str, packages: Mapping[str, str]) -> Start:
    """``code`` and then the bare handler; the packages that ``code`` brings come from the layer."""
    return Start(name, code + _BARE, os.pathsep.join((packages["reference"], packages["ours"])))


def of_scene(scene: Scene, tape: int, packages: Mapping[str, str], folder: Path) -> Start:
    """A handler that is answered what it was answered before, so that it does its whole work."""
    event = _kept(scene.event, folder / f"{tape}.json")
    return Start(scene.name, _HANDLER, packages["ours"], (scene.module, event, "answering"), tape)


def of_module(module: str, packages: Mapping[str, str], folder: Path) -> Start:
    """A handler that finds nothing: no key, no payment."""
    event = _kept(example_event(module), folder / f"{module}.json")
    return Start(module, _HANDLER, packages["ours"], (module, event, "refusing"))


def _kept(event: Event, file: Path) -> str:
    file.write_text(json.dumps(event))
    return str(file)
