"""Full payments per second on the local cloud beside localstripe: one machine, one run, in turns.

Not like for like, and to be said wherever it is quoted. For one payment localstripe changes objects in the memory of
one process, pickles all it has to a file on each write (so that it slows down as it fills up), and sends a webhook
once, after a second that it always sleeps. The gateway writes each change of a payment as a conditional write of a
database, drives it by a state machine through a dozen function processes, has a card page and a choice in it, and
delivers its webhooks by a stream and a queue that try again for days; and here all of that, database, state machine,
queue and functions, is an emulator on the same two cores. What can be compared is how either behaves with more
clients and with more payments behind it, and how long a webhook takes.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Final

from tools.bench.localstripe import Unavailable, localstripe
from tools.bench.shops import GatewayShop, Hooks, Shop, StripeShop
from tools.bench.table import Row
from tools.local.stack import start_gateway
from tools.testing.receiver import Receiver

PART: Final = "full payments per second, beside localstripe (see what is not alike)"
CLIENTS: Final = (1, 4)
_UNLIKE: Final = "objects in memory, pickled, and one process there; database, state machine, queue, retries here"
_ROUNDS: Final = 4
_PAYMENTS: Final = 24  # of each side, per round and number of clients
_WARM_UP: Final = 12


@dataclass(frozen=True, slots=True)
class Turn:
    """Payments per second until the last one was captured, and seconds from a shop's last answer to the webhook."""

    rate: float
    delays: tuple[float, ...]


def measure(quick: bool) -> list[Row]:
    """Nothing when ``quick``: a fair number of payments takes minutes."""
    if quick:
        return []
    try:
        with _both() as shops:
            return rows(_in_turns(shops))
    except Unavailable as missing:
        return [Row(PART, "gateway / localstripe", 0, "not measured", detail=str(missing))]


@contextmanager
def _both() -> Iterator[dict[str, Shop]]:
    hooks = Hooks()
    receiver = Receiver(arrived=hooks)
    try:
        with localstripe(receiver.url) as address:
            gateway = start_gateway(0)
            try:
                upstream = f"{gateway.stack.cloud.endpoint}{gateway.front.api_prefix}/paymentgw"
                yield {
                    "gateway": GatewayShop(upstream, receiver.url, hooks),
                    "localstripe": StripeShop(address, hooks),
                }
            finally:
                gateway.stop()
    finally:
        receiver.close()


def _in_turns(shops: dict[str, Shop]) -> dict[tuple[str, int], list[Turn]]:
    """Each side's turns by number of clients, in the order they were taken."""
    for shop in shops.values():
        _turn(shop, max(CLIENTS), _WARM_UP)
    turns: dict[tuple[str, int], list[Turn]] = {(name, clients): [] for name in shops for clients in CLIENTS}
    for _ in range(_ROUNDS):
        for clients in CLIENTS:
            for name in random.sample(list(shops), len(shops)):
                turns[name, clients].append(_turn(shops[name], clients, _PAYMENTS))
    return turns


def _turn(shop: Shop, clients: int, count: int) -> Turn:
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        paid = list(pool.map(lambda _: shop.pay(), range(count)))
    rate = count / (time.perf_counter() - began)
    return Turn(rate, tuple(shop.heard(payment) - payment.captured for payment in paid))


def rows(turns: dict[tuple[str, int], list[Turn]]) -> list[Row]:
    """Medians of the rounds, their first and last, and the ratio of neighbours in time."""
    made = []
    for (name, clients), those in turns.items():
        rates = [turn.rate for turn in those]
        delay = median(delay for turn in those for delay in turn.delays)
        detail = (
            f"first round {rates[0]:.1f}, last {rates[-1]:.1f}; webhook {delay * 1000:.0f} ms after the last answer"
        )
        made.append(Row(PART, f"{name}, {_named(clients)}", round(median(rates), 2), "per s", detail=detail))
    for clients in CLIENTS:
        ratio = _ratio(turns["gateway", clients], turns["localstripe", clients])
        made.append(Row(PART, f"gateway / localstripe, {_named(clients)}", round(ratio, 4), detail=_UNLIKE))
    return made


def _ratio(ours: Sequence[Turn], theirs: Sequence[Turn]) -> float:
    return median(one.rate / other.rate for one, other in zip(ours, theirs, strict=True))


def _named(clients: int) -> str:
    return "1 client" if clients == 1 else f"{clients} clients"
