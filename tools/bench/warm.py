"""A warm handler's CPU beside the CPU of the AWS calls that it makes: how much of it is ours."""

from __future__ import annotations

import http.client
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Final
from urllib.parse import urlsplit

from tools.bench.apart import apart, tables_in_cloud
from tools.bench.scenes import Scene, record
from tools.bench.table import Row
from tools.bench.tape import EMPTY, HOOK, Tape, player, playing, recording, turn
from tools.testing.calling import invoke

GOAL: Final = 1.3
PART: Final = "warm: CPU of a handler / CPU of its own AWS calls"
_WARM_UP: Final = 20
_BLOCK: Final = 5  # runs; short, so that both sides of a pair meet the same neighbours on this machine
_QUICK: Final = ("init", "state", "choice", "capture card step", "deliver")


@dataclass(frozen=True, slots=True)
class Cpu:
    """Milliseconds of CPU per run: the handler, its AWS calls alone, and what the first has more."""

    handler: float
    calls: float
    ours: float
    ratio: float


def measure(quick: bool) -> list[Row]:
    """Record each handler's calls against the local cloud, then run both against a server that answers the same.

    The answers come from another process and are the same bytes for both, without TLS: what is compared is the
    SDK's work with the handler's around it. The POST of a delivery is no call of AWS: it is told once as work of the
    handler's own and once beside a bare one.
    """
    blocks = 40 if quick else 200
    with playing([Tape([], [EMPTY])]) as sink, tables_in_cloud() as (_, environment):
        scenes = apart(record, f"{sink}{HOOK}", environment=environment)
    wanted = [scene for scene in scenes if not quick or scene.name in _QUICK]
    with playing([scene.tape for scene in wanted]) as url:
        here = environment | {"AWS_ENDPOINT_URL": url}
        # A delivery's address is part of what was recorded; it answers there again.
        results = apart(compare, _moved(wanted, f"{sink}{HOOK}", f"{url}{HOOK}"), url, blocks, environment=here)
    return [_row(scene, result) for scene, result in zip(wanted, results, strict=True)]


def _moved(scenes: Sequence[Scene], old: str, new: str) -> list[Scene]:
    return [
        replace(scene, event=json.loads(json.dumps(scene.event).replace(old, new)), post=scene.post.replace(old, new))
        for scene in scenes
    ]


def _row(scene: Scene, cpu: Cpu) -> Row:
    made = Counter(call.operation for call in scene.calls)
    calls = ", ".join(f"{count} {name}" if count > 1 else name for name, count in made.items())
    detail = f"{cpu.handler:.2f} ms, its calls {cpu.calls:.2f} ms, ours {cpu.ours:.2f} ms ({calls})"
    return Row(PART, scene.name, round(cpu.ratio, 3), goal=GOAL, detail=detail)


# ---- in another process: the handler and its calls in turns ----


def compare(scenes: Sequence[Scene], url: str, blocks: int) -> list[Cpu]:
    """CPU of each scene's handler beside that of its calls, in ``blocks`` turns."""
    return [_compared(scene, number, url, blocks) for number, scene in enumerate(scenes)]


def _compared(scene: Scene, number: int, url: str, blocks: int) -> Cpu:
    def handle() -> None:
        invoke(scene.module, scene.event)

    turn(url, number)
    check_same(scene, handle)
    calls = player(scene.calls)

    def play() -> None:
        calls()
        if scene.post:
            _post(scene.post)

    for work in (handle, play):
        _cpu(work, _WARM_UP)
    taken: dict[Callable[[], None], list[float]] = {handle: [], play: []}
    for _ in range(blocks):
        for work in random.sample([handle, play], 2):
            taken[work].append(_cpu(work, _BLOCK))
    return summary(taken[handle], taken[play])


def _post(url: str) -> None:
    """A webhook without anything around it: no budget, no check of the address, no signature."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    connection.request("POST", parts.path, b"x" * 500, {"Content-Type": "application/json", "Connection": "close"})
    connection.getresponse().read()
    connection.close()


def check_same(scene: Scene, handle: Callable[[], object]) -> None:
    """Raises RuntimeError unless the handler makes the calls that were recorded, in their order."""
    handle()  # builds clients, reads what a warm worker remembers
    with recording() as calls:
        handle()
    made, recorded = ([call.operation for call in those] for those in (calls, scene.calls))
    if made != recorded:
        raise RuntimeError(f"{scene.name} made {made}, and when it was recorded {recorded}")


def summary(handler: Sequence[float], calls: Sequence[float]) -> Cpu:
    """Seconds as milliseconds, medians; what is ours and the ratio come from neighbours in time."""
    pairs = list(zip(handler, calls, strict=True))
    ours, ratio = median(one - other for one, other in pairs), median(one / other for one, other in pairs)
    return Cpu(median(handler) * 1000, median(calls) * 1000, ours * 1000, ratio)


def _cpu(work: Callable[[], None], runs: int) -> float:
    """CPU seconds of this process per run, all threads."""
    began = time.process_time()
    for _ in range(runs):
        work()
    return (time.process_time() - began) / runs
