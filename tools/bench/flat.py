"""Whether work stays the same as data grows: the last payments of many, and the first page of a long list."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from tools.bench.apart import Work, apart, tables_in_cloud, worker
from tools.bench.long_lists import LISTS, fill
from tools.bench.table import Row
from tools.bench.tape import Tape, Taped, playing, recording, turn
from tools.local.demo.stage import CARD
from tools.local.deploy import client
from tools.testing.calling import invoke, reply, request

GOAL: Final = 1.1
PART: Final = "flatness: CPU with much data / CPU with little"
Sample = tuple[float, float]
_PAYMENTS_A_TURN: Final = 5
_SHORT: Final = 100
_PAGES_A_TURN: Final = 5
_WARM_UP: Final = 20


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything: ``edge`` payments at either end of ``payments`` are compared."""

    payments: int
    edge: int
    items: int
    turns: int


FULL: Final = Size(payments=10_000, edge=1_000, items=100_000, turns=60)
QUICK: Final = Size(payments=45, edge=15, items=500, turns=15)


def measure(quick: bool) -> list[Row]:
    """Payments go through the real handlers into the local cloud, another process: our CPU counts, not its.

    A page of each list is read by its handler from a table with few items and from one with many, and then again and
    again from a server that gives the same answers, so that the emulator's own search through many does not count.
    """
    size = QUICK if quick else FULL
    return [_payments(size), *_lists(size)]


def _payments(size: Size) -> Row:
    """The last payments of many beside the first of as many, in turns: an hour later is another machine.

    Each side has a process of its own, so that what a process gathers counts too, and a cloud of its own.
    """
    sides = (tables_in_cloud(), tables_in_cloud())
    with sides[0] as (_, long), sides[1] as (_, fresh), worker(long) as last, worker(fresh) as first:
        last(pay_many, size.payments - size.edge)
        first(pay_many, _WARM_UP)
        taken: dict[Work, list[Sample]] = {last: [], first: []}
        for _ in range(size.edge // _PAYMENTS_A_TURN):
            for side in random.sample([last, first], 2):
                taken[side].append(mean(side(pay_many, _PAYMENTS_A_TURN)))
    (cpu_then, wall_then), (cpu, wall) = (typical(taken[side]) for side in (first, last))
    detail = (
        f"{cpu_then:.2f} and {cpu:.2f} ms of our CPU a payment; "
        f"wall {wall_then:.1f} and {wall:.1f} ms with the local cloud's own work"
    )
    name = f"the last {size.edge:,} of {size.payments:,} payments / the first"
    ratio = growth([cpu for cpu, _ in taken[first]], [cpu for cpu, _ in taken[last]])
    return Row(PART, name, round(ratio, 3), goal=GOAL, detail=detail)


def _lists(size: Size) -> list[Row]:
    with tables_in_cloud() as (cloud, environment):
        database = client(cloud, "dynamodb")
        tables = [fill(database, count, environment) for count in (_SHORT, size.items)]
        short, long = (apart(read_once, environment=environment | those) for those in tables)
    tapes = [Tape([], [call.answer for call in read[name]]) for name in LISTS for read in (short, long)]
    with playing(tapes) as url:
        taken = apart(read_in_turns, url, size.turns, environment=environment | {"AWS_ENDPOINT_URL": url})
    rows = []
    for name in LISTS:
        few, many = (median(part) * 1000 for part in taken[name])
        detail = f"{few:.2f} and {many:.2f} ms a page, AWS calls {len(short[name])} and {len(long[name])}"
        title = f"{name}: a page of {size.items:,} / of {_SHORT}"
        rows.append(Row(PART, title, round(growth(*taken[name]), 3), goal=GOAL, detail=detail))
    return rows


def mean(payments: Sequence[Sample]) -> Sample:
    """Of (CPU, wall) seconds."""
    cpu, wall = (sum(sample[which] for sample in payments) / len(payments) for which in (0, 1))
    return cpu, wall


def typical(payments: Sequence[Sample]) -> Sample:
    """Medians of (CPU, wall) seconds, in milliseconds."""
    cpu, wall = (median(sample[which] for sample in payments) * 1000 for which in (0, 1))
    return cpu, wall


# ---- in a process of its own: payments ----


def pay_many(count: int) -> list[Sample]:
    """(CPU, wall) seconds of each of ``count`` payments by card, every handler and step of the way."""
    taken = []
    for _ in range(count):
        cpu, wall = time.process_time(), time.perf_counter()
        _pay()
        taken.append((time.process_time() - cpu, time.perf_counter() - wall))
    return taken


def _pay() -> None:
    payment = reply("payment.init", request("payment.init", body={"amount": 150.0, "description": "Order 12345"}))
    path = {"transactionId": payment["transactionId"]}
    page = {"paymentID": payment["igfs"]["paymentId"]}
    parked = {"paymentId": payment["id"], "taskToken": "token"}
    invoke("payment_flow.await_preauth", parked)
    reply("sandbox.card_page_submit", request("sandbox.card_page_submit", path=page, body=CARD))
    invoke("payment_flow.await_tender_choice", parked)
    choice = request("payment.voucher_choice", path=path, body={"choice": "CARD_ONLY"})
    reply("payment.voucher_choice", choice)
    word = invoke("payment_flow.capture_card", parked)["word"]
    if word != "captured":
        raise RuntimeError(f"the card was not captured but {word}")


# ---- in processes of their own: lists ----


def read_once() -> dict[str, tuple[Taped, ...]]:
    """The AWS calls of one page of each list, with their answers."""
    read = {}
    for name, (module, query) in LISTS.items():
        event = request(module, query=query)
        reply(module, event)  # builds clients
        with recording() as calls:
            reply(module, event)
        read[name] = tuple(calls)
    return read


def read_in_turns(url: str, turns: int) -> dict[str, tuple[list[float], list[float]]]:
    """CPU seconds of pages as they were answered from the short list (the first) and from the long one."""
    return {name: _in_turns(name, 2 * n, url, turns) for n, name in enumerate(LISTS)}


def _in_turns(name: str, tape: int, url: str, turns: int) -> tuple[list[float], list[float]]:
    module, query = LISTS[name]
    event = request(module, query=query)
    taken: tuple[list[float], list[float]] = ([], [])
    turn(url, tape)
    for _ in range(_WARM_UP):
        reply(module, event)
    for _ in range(turns):
        for which in random.sample((0, 1), 2):
            turn(url, tape + which)
            began = time.process_time()
            for _ in range(_PAGES_A_TURN):
                reply(module, event)
            taken[which].append((time.process_time() - began) / _PAGES_A_TURN)
    return taken


def growth(short: Sequence[float], long: Sequence[float]) -> float:
    """The median of the ratios of neighbours in time."""
    return median(b / a for a, b in zip(short, long, strict=True))
