"""Cold start of every handler beside a bare boto3 handler: start of a process to its first answer, over TLS."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from tools.bench.additions import ADDITIONS
from tools.bench.apart import apart, tables_in_cloud
from tools.bench.packages import bundles, prepared
from tools.bench.processes import REFERENCE, Start, Taken, bare, of_module, of_scene, run, with_addition
from tools.bench.scenes import Scene, record
from tools.bench.table import Row
from tools.bench.tape import EMPTY, HOOK, Tape, playing, turn
from tools.contract.routes import endpoints, modules
from tools.local.certificate import self_signed
from tools.testing.calling import event_file

PART: Final = "cold: process start to first answer / a bare boto3 DynamoDB handler's (wall, over TLS)"
EACH: Final = "cold: what one thing adds to the bare handler"
MAIN: Final = ("init", "choice", "state", "capture card step", "deliver")
HTTP_GOAL: Final = 1.25
STEP_GOAL: Final = 1.1
_ROUNDS: Final = 11
_QUICK_ROUNDS: Final = 3
_GROUP: Final = 5  # starts beside two of the bare handler: short, so that all of them meet the same machine


@dataclass(frozen=True, slots=True)
class Beside:
    """One start, and one of the bare handler in the same few seconds.

    Never a mean of several: what disturbs a process only makes it slower, so that a mean lies above what is usual and
    every ratio to it too low.
    """

    own: Taken
    bare: Taken


def measure(quick: bool) -> list[Row]:
    return measured(_QUICK_ROUNDS, MAIN) if quick else measured(_ROUNDS)


def measured(rounds: int, names: Sequence[str] | None = None) -> list[Row]:
    """Starts of the handlers (the main ones by their ``names``, or all) in random order against one server.

    Handlers on the way of a payment do all of their work, answered as they were when it was recorded; the others find
    nothing. The bare handler trusts all 127 roots that botocore brings, ours the few of the layer, each with the
    server's own.
    """
    packages = prepared()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        certificate = self_signed(folder, "127.0.0.1")
        trusted = bundles(packages, certificate, folder)
        scenes, environment = stack.enter_context(recorded())
        url = stack.enter_context(playing(tapes(scenes), certificate))
        starts = _starts(scenes, packages, folder, names)

        def once(start: Start) -> Taken:
            turn(url, start.tape, certificate)
            side = "ours" if start.packages == packages["ours"] else "reference"
            return run(start, {**environment, "AWS_ENDPOINT_URL": url, "AWS_CA_BUNDLE": trusted[side]})

        reference = bare(packages)
        return _rows(starts, in_groups(rounds, [reference, *starts], reference, once))


@contextmanager
def recorded() -> Iterator[tuple[list[Scene], dict[str, str]]]:
    """One scene of each handler on the way of a payment, and a handler's environment.

    The address that a delivery goes to is served until the end.
    """
    with playing([Tape([], [EMPTY])]) as sink, tables_in_cloud() as (_, environment):
        scenes = apart(record, f"{sink}{HOOK}", environment=environment)
        yield [scene for scene in scenes if not scene.post], environment


def tapes(scenes: Sequence[Scene]) -> list[Tape]:
    """A tape for each scene, in order, from number 1 on; number 0 finds nothing."""
    return [Tape([], [EMPTY]), *(Tape([], [c.answer for c in scene.first or scene.calls]) for scene in scenes)]


def _starts(
    scenes: Sequence[Scene], packages: Mapping[str, str], folder: Path, names: Sequence[str] | None
) -> list[Start]:
    added = [with_addition(name, code, packages) for name, code in ADDITIONS.items()]
    answering = [of_scene(scene, n, packages, folder) for n, scene in enumerate(scenes, 1)]
    if names is not None:
        return [*added, *(start for start in answering if start.name in names)]
    seen = {scene.module for scene in scenes}
    others = [name for name in modules() if name not in seen and event_file(name).is_file()]
    return [*added, *answering, *(of_module(name, packages, folder) for name in others)]


def in_groups(
    rounds: int, starts: Sequence[Start], reference: Start, once: Callable[[Start], Taken]
) -> dict[str, list[Beside]]:
    """All starts in each round, a few at a time, with the reference twice among each few; all in random order."""
    taken: dict[str, list[Beside]] = {start.name: [] for start in starts}
    for start in starts:
        once(start)  # warms the disk's cache
    for _ in range(rounds):
        shuffled = random.sample(list(starts), len(starts))
        for begin in range(0, len(shuffled), _GROUP):
            group = shuffled[begin : begin + _GROUP]
            places = random.sample([*enumerate(group), (-1, reference), (-2, reference)], len(group) + 2)
            seen = {place: once(start) for place, start in places}
            for place, start in enumerate(group):
                taken[start.name] += [Beside(seen[place], seen[-1]), Beside(seen[place], seen[-2])]
    return taken


def _rows(starts: Sequence[Start], taken: Mapping[str, Sequence[Beside]]) -> list[Row]:
    """Medians. The reference is in the table against itself too: how far that is from 1 is the noise of this run."""
    http = endpoints()
    handlers = []
    for start in starts:
        if start.name in ADDITIONS:
            continue
        goal = HTTP_GOAL if start.arguments[0] in http else STEP_GOAL
        detail = _told(taken[start.name]) + ("" if start.tape else ", finds nothing")
        handlers.append(Row(PART, start.name, _ratio(taken[start.name]), goal=goal, detail=detail))
    control = Row(PART, f"{REFERENCE}, against itself", _ratio(taken[REFERENCE]), detail=_told(taken[REFERENCE]))
    added = []
    for name in ADDITIONS:
        more = median(each.own.wall - each.bare.wall for each in taken[name]) * 1000
        cpu = median(each.own.cpu - each.bare.cpu for each in taken[name]) * 1000
        detail = f"wall x{_ratio(taken[name]):.2f}, CPU {cpu:+.1f} ms"
        added.append(Row(EACH, name, round(more, 1), "ms", detail=detail))
    return [control, *sorted(handlers, key=lambda row: row.value), *added]


def _ratio(taken: Sequence[Beside]) -> float:
    return round(median(each.own.wall / each.bare.wall for each in taken), 3)


def _told(taken: Sequence[Beside]) -> str:
    wall, cpu = (median(getattr(each.own, name) for each in taken) * 1000 for name in ("wall", "cpu"))
    return f"{wall:.0f} ms; CPU {cpu:.0f} ms, x{median(each.own.cpu / each.bare.cpu for each in taken):.2f}"
