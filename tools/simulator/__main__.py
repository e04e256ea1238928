"""``python -m tools.simulator``: simulate payments under faults; exit 1 and tell the story when something breaks."""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.simulator.acquirers import ACQUIRERS, gateway_of
from tools.simulator.errands import OF_A_GATEWAY
from tools.simulator.mutations import MUTATIONS, applied, worlds_of
from tools.simulator.shrinking import shrink
from tools.simulator.simulation import Outcome, Simulation
from tools.simulator.stage import payments_in

DEFAULT_PAYMENTS = 2000
GATEWAYS = ("sandbox", *ACQUIRERS)
SEEDS_PER_MUTATION = 20_000
WIDTH = 30


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="simulate", description=__doc__)
    parser.add_argument("--payments", type=int, help=f"how many (default {DEFAULT_PAYMENTS})")
    parser.add_argument("--seed", type=int, help="replay this simulation; with --payments, begin at it")
    parser.add_argument("--gateway", choices=GATEWAYS, help="one card gateway instead of all in turn")
    parser.add_argument("--tell", action="store_true", help="print everything that happens")
    parser.add_argument("--mutations", action="store_true", help="put mistakes into the code and find each")
    given = parser.parse_args(arguments)
    if given.mutations:
        return find_mutations()
    if given.seed is not None and given.payments is None:
        return replay(given.seed, all_of_it=given.tell)
    if given.seed is not None:
        place, first = divmod(given.seed, OF_A_GATEWAY)
        return simulate(given.payments or DEFAULT_PAYMENTS, first, (place,))
    places = tuple(range(len(GATEWAYS))) if given.gateway is None else (GATEWAYS.index(given.gateway),)
    return simulate(given.payments or DEFAULT_PAYMENTS, secrets.randbelow(OF_A_GATEWAY), places)


@dataclass
class Tally:
    """What a run of many simulations came to."""

    wanted: int
    started: float = field(default_factory=time.monotonic)
    payments: int = 0
    simulated_seconds: float = 0.0
    gateways: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    broken: list[int] = field(default_factory=list)

    def add(self, outcome: Outcome, planned: int) -> None:
        self.payments += planned
        self.simulated_seconds += outcome.simulated_seconds
        self.gateways[gateway_of(outcome.seed)] += planned
        self.statuses.update(payment.status.value for payment in outcome.payments)
        self.faults.update(strike.fault.value for strike in outcome.strikes)
        if outcome.broken:
            self.broken.append(outcome.seed)

    def line(self) -> str:
        done = min(self.payments / self.wanted, 1.0)
        bar = "#" * int(done * WIDTH)
        seconds = time.monotonic() - self.started
        left = seconds / done - seconds if done else 0
        return f"[{bar:.<{WIDTH}}] {self.payments}/{self.wanted} payments, {seconds:.0f} s, about {left:.0f} s left"


def simulate(wanted: int, first: int, places: Sequence[int]) -> int:
    """Simulate until ``wanted`` payments were, or one broke an invariant. Returns the exit code.

    Worlds of the gateways at ``places`` of ``GATEWAYS`` take turns.
    """
    tally, worlds = Tally(wanted), 0
    print(f"simulating {wanted} payments, seeds from {OF_A_GATEWAY * places[0] + first}")
    while tally.payments < wanted and not tally.broken:
        seed = OF_A_GATEWAY * places[worlds % len(places)] + (first + worlds) % OF_A_GATEWAY
        tally.add(Simulation(seed).run(), payments_in(seed))
        worlds += 1
        if sys.stderr.isatty() and worlds % 20 == 0:
            print(f"\r{tally.line()}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(f"\r{tally.line()}", file=sys.stderr)
    days = tally.simulated_seconds / 86_400
    print(f"{worlds} simulations, {tally.payments} payments, {days:.0f} simulated days")
    print(f"at: {_counts(tally.gateways)}")
    print(f"ended as: {_counts(tally.statuses)}")
    print(f"{tally.faults.total()} faults struck: {_counts(tally.faults)}")
    for broken in tally.broken:
        tell(broken)
    print("an invariant is broken" if tally.broken else "every invariant held")
    return 1 if tally.broken else 0


def replay(seed: int, *, all_of_it: bool) -> int:
    outcome = Simulation(seed, telling=True).run()
    if all_of_it:
        print(*outcome.history, sep="\n")
    print(f"seed {seed}: {len(outcome.payments)} payments, {len(outcome.strikes)} faults")
    for payment in outcome.payments:
        print(f"  {payment.id} {payment.amount} {payment.status}")
    if outcome.broken:
        tell(seed)
        return 1
    print("every invariant held")
    return 0


def tell(seed: int) -> None:
    """The shortest story of a broken seed that could be found."""
    whole = Simulation(seed).run()
    shrunk = shrink(seed)
    outcome = shrunk.outcome
    print(f"\nBROKEN  {outcome.broken[0]}")
    print(f"SEED={seed} replays it: make simulate SEED={seed}\n")
    print(f"{len(outcome.strikes)} of {len(whole.strikes)} faults are needed (found in {shrunk.tries} tries):")
    print(*(f"  {strike}" for strike in outcome.strikes), sep="\n")
    print(f"people and troubles left: {', '.join(outcome.actors) or 'only the customer'}\n")
    print(*outcome.history, sep="\n")


def find_mutations() -> int:
    """Put every mistake into the code, one at a time, and say which seed finds it. Returns the exit code."""
    missed = 0
    for name in MUTATIONS:
        first = worlds_of(name)
        found = find(name, range(first, first + SEEDS_PER_MUTATION))
        missed += found is None
        seed, what = found or ("-", "NOT FOUND")
        print(f"{name:<62} seed {seed:>10}  {what[:90]}", flush=True)
    print(f"{len(MUTATIONS) - missed} of {len(MUTATIONS)} mistakes were found")
    return 1 if missed else 0


def find(name: str, seeds: range) -> tuple[int, str] | None:
    """The first of ``seeds`` that finds the mistake, and what it found broken."""
    with applied(name):
        for seed in seeds:
            outcome = Simulation(seed).run()
            if outcome.broken:
                return seed, outcome.broken[0]
    return None


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counter.most_common())


if __name__ == "__main__":
    sys.exit(main())
