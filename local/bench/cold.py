"""Cold start of every handler beside a bare boto3 handler: start of a process to its first answer, over TLS."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from local import build
from local.bench.apart import apart, tables_in_cloud
from local.bench.processes import (
    REFERENCE,
    Start,
    Taken,
    bare,
    of_module,
    of_scene,
    prepared,
    run,
    with_addition,
)
from local.bench.table import Row
from local.bench.tape import EMPTY, HOOK, Tape, Taped, playing, turn
from local.bench.warm import Scene, record
from local.certificate import self_signed
from local.deploy import ROOT
from local.routes import endpoints, modules

PART: Final = "cold: process start to first answer / a bare boto3 DynamoDB handler's (wall, medians, TLS)"
EACH: Final = "cold: what one thing adds to the bare handler"
HTTP_GOAL: Final = 1.25
STEP_GOAL: Final = 1.1
_QUICK: Final = ("init", "choice", "state", "capture card step", "deliver")
_ADDITIONS: Final = {
    "Powertools: one log line and one metric, as ours are": """
from shared.edge.observe import count, logger
logger().info("request", status=200)
count("PaymentsEnded")
""",
    "pydantic: one model of ten fields, built and used": """
from typing import Annotated
from pydantic import BaseModel, Field, StringConstraints
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255)]
class Order(BaseModel):
    a: Text; b: Text = ""; c: Text = ""; d: Text | None = None; e: int = Field(default=1, ge=1, strict=True)
    f: int | None = None; g: bool = False; h: list[Text] = []; i: dict[str, str] = {}; j: Text = ""
Order.model_validate_json('{"a": "x", "e": 5}')
""",
}


@dataclass(frozen=True, slots=True)
class Bench:
    """What to start, where AWS is, and whom each side trusts."""

    starts: Sequence[Start]
    url: str
    certificate: Path
    environment: Mapping[str, str]
    bundles: Mapping[str, str]


def measure(quick: bool) -> list[Row]:
    """Rounds in random order against one server. Handlers on the way of a payment do all of their work, answered as
    they were when it was recorded; the others find nothing. The bare handler trusts all 127 roots that botocore
    brings, ours the few of the layer, each with the server's own."""
    packages = prepared()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        certificate = self_signed(folder, "127.0.0.1")
        sink = stack.enter_context(playing([Tape([], [EMPTY])]))
        _, environment = stack.enter_context(tables_in_cloud())
        scenes = _whole(apart(record, f"{sink}{HOOK}", environment=environment))
        tapes = [Tape([], [EMPTY]), *(Tape([], [call.answer for call in _calls(scene)]) for scene in scenes)]
        url = stack.enter_context(playing(tapes, certificate))
        starts = _starts(scenes, packages, folder, quick)
        bundles = _bundles(packages, certificate, folder)
        bench = Bench(starts, url, certificate, environment | {"AWS_ENDPOINT_URL": url}, bundles)
        return _rows(bench, _rounds(bench, 3 if quick else 9))


def _whole(scenes: Sequence[Scene]) -> list[Scene]:
    """One scene of each handler."""
    return [scene for scene in scenes if not scene.post]


def _calls(scene: Scene) -> Sequence[Taped]:
    return scene.first or scene.calls


def _starts(scenes: Sequence[Scene], packages: Mapping[str, str], folder: Path, quick: bool) -> list[Start]:
    answering = [of_scene(scene, n + 1, packages, folder) for n, scene in enumerate(scenes)]
    added = [with_addition(name, code, packages) for name, code in _ADDITIONS.items()]
    if quick:
        return [bare(packages), *added, *(start for start in answering if start.name in _QUICK)]
    seen = {scene.module for scene in scenes}
    others = [name for name in modules() if name not in seen and _has_event(name)]
    return [bare(packages), *added, *answering, *(of_module(name, packages) for name in others)]


def _has_event(module: str) -> bool:
    return (ROOT / "events" / f"{module.replace('.', '/')}.json").is_file()


def _bundles(packages: Mapping[str, str], certificate: Path, folder: Path) -> dict[str, str]:
    """Files of trusted roots by the packages that bring them, with the server's own certificate added."""
    bundles = {}
    layer = build.BUILD / "DependenciesLayer" / "python"
    for name, home in (("reference", Path(packages["reference"])), ("ours", layer)):
        bundle = folder / f"{name}.pem"
        bundle.write_bytes((home / "botocore" / "cacert.pem").read_bytes() + b"\n" + certificate.read_bytes())
        bundles[packages[name]] = str(bundle)
    return bundles


def _rounds(bench: Bench, rounds: int) -> dict[str, list[Taken]]:
    taken: dict[str, list[Taken]] = {start.name: [] for start in bench.starts}
    for n in range(rounds + 1):
        for start in random.sample(list(bench.starts), len(bench.starts)):
            turn(bench.url, start.tape, bench.certificate)
            # The bare handler's additions are its own process still: they trust what it trusts.
            whose = start.packages if start.packages in bench.bundles else next(iter(bench.bundles))
            once = run(start, {**bench.environment, "AWS_CA_BUNDLE": bench.bundles[whose]})
            if n:  # the first round only warms the disk's cache
                taken[start.name].append(once)
    return taken


def _rows(bench: Bench, taken: Mapping[str, Sequence[Taken]]) -> list[Row]:
    base = _medians(taken[REFERENCE])
    rows = [Row(PART, REFERENCE, 1.0, detail=_told(base))]
    http = endpoints()
    for start in bench.starts:
        if not start.arguments:
            continue
        own = _medians(taken[start.name])
        goal = HTTP_GOAL if start.arguments[0] in http else STEP_GOAL
        detail = f"{_told(own)}{'' if start.tape else ', finds nothing'}"
        rows.append(Row(PART, start.name, round(own.wall / base.wall, 3), goal=goal, detail=detail))
    rows[1:] = sorted(rows[1:], key=lambda row: row.value)
    for name in _ADDITIONS:
        own = _medians(taken[name])
        rows.append(Row(EACH, name, round((own.wall - base.wall) * 1000, 1), "ms", detail=_told(own)))
    return rows


def _medians(taken: Sequence[Taken]) -> Taken:
    return Taken(median(each.wall for each in taken), median(each.cpu for each in taken))


def _told(taken: Taken) -> str:
    return f"{taken.wall * 1000:.0f} ms, CPU {taken.cpu * 1000:.0f} ms"
