"""Instructions of a cold start, counted by cachegrind: the same in every run, whatever else the machine does."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from local.bench.apart import apart, tables_in_cloud
from local.bench.processes import REFERENCE, Start, bare, environment_of, of_scene, prepared
from local.bench.table import Row
from local.bench.tape import EMPTY, HOOK, Tape, playing, turn
from local.bench.warm import record

PART: Final = "cold: instructions / a bare boto3 DynamoDB handler's (cachegrind, without TLS)"
_SCENES: Final = ("init", "choice", "state", "capture card step", "deliver")
_COUNTED: Final = re.compile(r"I\s+refs:\s+([\d,]+)")


def measure(quick: bool) -> list[Row]:
    """Without TLS, whose keys are random. Nothing when quick, or where valgrind is not installed."""
    valgrind = shutil.which("valgrind")
    if quick or valgrind is None:
        return [] if quick else [Row(PART, "not measured: valgrind is not installed", 0, "")]
    packages = prepared()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sink = stack.enter_context(playing([Tape([], [EMPTY])]))
        _, environment = stack.enter_context(tables_in_cloud())
        recorded = apart(record, f"{sink}{HOOK}", environment=environment)
        scenes = [scene for scene in recorded if scene.name in _SCENES]
        tapes = [Tape([], [EMPTY]), *(Tape([], [c.answer for c in scene.first or scene.calls]) for scene in scenes)]
        url = stack.enter_context(playing(tapes))
        here = environment | {"AWS_ENDPOINT_URL": url}

        def instructions(start: Start) -> int:
            turn(url, start.tape)
            return count(valgrind, start, here)

        first, again = instructions(bare(packages)), instructions(bare(packages))
        rows = [Row(PART, REFERENCE, 1.0, detail=f"{first:,} and, in a second run, {again - first:+,}")]
        for n, scene in enumerate(scenes):
            own = instructions(of_scene(scene, n + 1, packages, folder))
            rows.append(Row(PART, scene.name, round(own / first, 3), detail=f"{own:,}"))
        return rows


def count(valgrind: str, start: Start, environment: Mapping[str, str]) -> int:
    """Instructions of one process. Raises RuntimeError when it fails."""
    command = [valgrind, "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", *start.command]
    done = subprocess.run(
        command, env=environment_of(start, environment), capture_output=True, text=True, timeout=300, check=False
    )
    found = _COUNTED.search(done.stderr)
    if done.returncode or found is None:
        raise RuntimeError(f"{start.name}: {done.stderr[-2000:]}")
    return int(found[1].replace(",", ""))
