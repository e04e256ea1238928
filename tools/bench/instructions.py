"""Instructions of a cold start, counted by cachegrind: the same in every run, whatever else the machine does."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Container, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tools.bench.additions import ADDITIONS
from tools.bench.cold import MAIN, recorded, tapes
from tools.bench.packages import prepared
from tools.bench.processes import REFERENCE, Start, bare, environment_of, of_scene, with_addition
from tools.bench.table import Row
from tools.bench.tape import playing, turn

PART: Final = "cold: instructions / a bare boto3 DynamoDB handler's (cachegrind, without TLS)"
GOAL: Final = 1.4
OF_AN_ORDER: Final = ("order", "order's payment", "holder's word", "poll", "list of orders", "order's refund")
OF_A_TRANSACTION: Final = (
    *("token", "methods of a country", "transaction", "its status"),
    *("its page", "its method", "its beginning"),
)
_COUNTED: Final = re.compile(r"I\s+refs:\s+([\d,]+)")


def measure(quick: bool) -> list[Row]:
    """Nothing when quick, or where valgrind is not installed."""
    if quick or shutil.which("valgrind") is None:
        return [] if quick else [Row(PART, "not measured: valgrind is not installed", 0, "")]
    return measured((REFERENCE, *ADDITIONS, *MAIN, *OF_AN_ORDER, *OF_A_TRANSACTION))


def measured(names: Container[str]) -> list[Row]:
    """Those of ``names`` beside the bare handler, without TLS, whose keys are random. Needs valgrind."""
    packages = prepared()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        scenes, environment = stack.enter_context(recorded())
        url = stack.enter_context(playing(tapes(scenes)))
        here = environment | {"AWS_ENDPOINT_URL": url}

        def instructions(start: Start) -> int:
            turn(url, start.tape)
            return count(start, here)

        starts = [with_addition(f"bare + {n}", code, packages) for n, code in ADDITIONS.items() if n in names]
        starts += [of_scene(s, n, packages, folder) for n, s in enumerate(scenes, 1) if s.name in names]
        first, rows = instructions(bare(packages)), []
        if REFERENCE in names:
            again = instructions(bare(packages)) - first
            rows = [Row(PART, REFERENCE, 1.0, detail=f"{first:,} and, in a second run, {again:+,}")]
        for start in starts:
            own, goal = instructions(start), None if start.name.startswith("bare") else GOAL
            rows.append(Row(PART, start.name, round(own / first, 3), goal=goal, detail=f"{own:,}"))
        return rows


def count(start: Start, environment: Mapping[str, str]) -> int:
    """Instructions of one process. Raises RuntimeError when it fails."""
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", *start.command]
    variables = environment_of(start, environment) | {"BENCH_ANSWERED": "1"}  # stdout: nobody waits
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=300, check=False)
    found = _COUNTED.search(done.stderr)
    if done.returncode or found is None:
        raise RuntimeError(f"{start.name}: {done.stderr[-2000:]}")
    return int(found[1].replace(",", ""))
