"""Faults: what may strike at a call to a port, how often, and a record of what did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Final, TypeVar

from tools.simulator.kernel import MICRO, Crash, Kernel, Process

Result = TypeVar("Result")
LAMBDA_SECONDS: Final = 29
GATEWAY_TIMEOUT: Final = 5.0


class Fault(StrEnum):
    DOWN = "down"  # refused before it had any effect
    LOST = "answer lost"  # it had its effect, the caller gets an error
    HUNG = "hung"  # no effect; the caller waits, then gives up
    SLOW = "slow"  # everything others do in seconds happens in between
    TWICE = "sent twice"  # the network delivers the call a second time
    LATER = "pending"  # taken, and acted upon only hours or days later
    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    CONFLICT = "somebody wrote first"
    FAILING = "5xx"  # perhaps after it acted
    GARBLED = "cut short"  # it acted, and its reply cannot be read
    FORGED = "forged"  # somebody else answers that it was done


INSTEAD: Final = (Fault.CONFLICT, Fault.LATER, Fault.FAILING, Fault.GARBLED, Fault.FORGED)
STORE: Final = (Fault.DOWN, Fault.LOST, Fault.SLOW, Fault.CRASH_BEFORE, Fault.CRASH_AFTER)
WRITE: Final = (*STORE, Fault.CONFLICT)
ASK: Final = (Fault.DOWN, Fault.HUNG, Fault.SLOW, Fault.CRASH_BEFORE, Fault.CRASH_AFTER)
SEND: Final = (*ASK, Fault.LOST, Fault.TWICE)
MONEY: Final = (*SEND, Fault.LATER, Fault.LATER)
# Of one exchange with an acquirer: a connection delivers it once.
WIRE: Final = (*ASK, Fault.LOST, Fault.FAILING, Fault.GARBLED, Fault.FORGED)
PEOPLE: Final = (Fault.SLOW, Fault.CRASH_BEFORE, Fault.CRASH_AFTER)


class ServiceError(Exception):
    """What an AWS client raises: no named failure of ours, and nobody knows whether it had an effect."""


@dataclass(frozen=True, slots=True)
class Errors:
    """What a port raises when surely nothing happened, and when nobody knows."""

    nothing_done: Callable[[str], Exception]
    unsure: Callable[[str], Exception]


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault that struck: where (``process/n``), which call, when (microseconds since the start)."""

    where: str
    call: str
    fault: Fault
    at: int

    def __str__(self) -> str:
        return f"{self.at / MICRO:12.3f}s  {self.fault:<20} {self.call:<22} in {self.where}"


@dataclass(frozen=True, slots=True)
class Outage:
    """From ``start`` to ``end`` (seconds) every call whose name begins with ``prefix`` is struck by ``fault``."""

    prefix: str
    fault: Fault
    start: float
    end: float

    @property
    def name(self) -> str:
        return f"outage:{self.prefix}{self.start:.0f}"


@dataclass(frozen=True, slots=True)
class Weather:
    """How bad it gets, drawn from the seed. ``focus`` names a call that is struck far more often."""

    rate: float
    focus: str
    calm_after: float  # seconds; from then on nothing strikes any more
    given_up: float = 0.0  # how often the service loses sight of a step that goes on running
    outages: tuple[Outage, ...] = ()
    jumps: tuple[tuple[float, float], ...] = ()  # at second x the clock leaps y seconds ahead

    @classmethod
    def drawn(cls, random: Random) -> Weather:
        rate = random.choice((0.0, 0.0, 0.01, 0.03, 0.03, 0.08, 0.2))
        focus = random.choice(("", "", "", *_FOCUS))
        outages = tuple(_outage(random) for _ in range(random.choice((0, 0, 0, 1, 1, 2))))
        jumps = tuple(
            (random.uniform(0, 3000), random.choice((5, 70, 1000, 7200))) for _ in range(random.choice((0, 0, 0, 1)))
        )
        calm_after = random.choice((1800.0, 7200.0, 172_800.0))
        given_up = random.choice((*(rate / 2,) * 6, 0.4))
        return cls(rate, focus, calm_after, given_up, outages, jumps)


_FOCUS: Final = (
    "payments.save",
    "payments.park",
    "payments.get",
    "flow.wake",
    "flow.start",
    "card.capture",
    "card.void",
    "card.refund",
    "card.lookup",
    "card.close_page",
    "card.page_outcome",
    "voucher.spend",
    "voucher.reverse",
    "voucher.lookup",
    "voucher.notify",
    "voucher.validate",
)


def _outage(random: Random) -> Outage:
    prefix, faults = random.choice(
        (
            ("card.", (Fault.DOWN, Fault.HUNG)),
            ("voucher.", (Fault.DOWN, Fault.HUNG)),
            ("voucher.notify", (Fault.DOWN, Fault.HUNG)),
            ("flow.", (Fault.DOWN, Fault.LOST)),
            ("payments.", (Fault.DOWN,)),
        )
    )
    longest = 60.0 if prefix in ("flow.", "payments.") else random.choice((300.0, 7200.0, 172_800.0))
    start = random.uniform(0, 2400)
    return Outage(prefix, random.choice(faults), start, start + random.uniform(5, longest))


@dataclass
class Storm:
    """Stands between the use cases and every port."""

    kernel: Kernel
    weather: Weather
    without: frozenset[str] = frozenset()  # strikes that do not happen, when shrinking
    struck: list[Strike] = field(default_factory=list)
    note: Callable[[str], None] = lambda text: None
    last_trouble: int = 0  # microseconds; a notification that fails troubles nobody

    def call(
        self,
        name: str,
        act: Callable[[], Result],
        faults: tuple[Fault, ...],
        errors: Errors,
        instead: Callable[[], Result] | None = None,
    ) -> Result:
        """Make a call to a port. Time passes before and after it, and a fault of ``faults`` may strike.

        ``instead`` is what is done in place of ``act`` when CONFLICT or LATER strikes.
        """
        process = self.kernel.current
        assert process is not None
        fault = self.strikes(process, name, faults)
        before, after = self._latencies(process, fault)
        self.kernel.sleep(before)
        if fault is Fault.CRASH_BEFORE:
            raise Crash(name)
        if fault is Fault.DOWN:
            raise errors.nothing_done("it is down")
        if fault is Fault.HUNG:
            self.kernel.sleep(GATEWAY_TIMEOUT)
            raise errors.unsure("no answer")
        result = instead() if instead is not None and fault in INSTEAD else act()
        self.note(f"{name}{'' if result is None else f' -> {brief(result)}'}")
        if fault is Fault.TWICE:
            self.kernel.sleep(after)
            act()
        self.kernel.sleep(after)
        if fault is Fault.CRASH_AFTER:
            raise Crash(name)
        if fault is Fault.LOST:
            raise errors.unsure("the answer was lost")
        return result

    def strikes(self, process: Process, name: str, faults: tuple[Fault, ...]) -> Fault | None:
        """The fault that strikes this call, if any. Always draws twice, so that one more or less shifts no other."""
        roll, which = process.random.random(), process.random.random()
        process.strikes += 1
        if process.quiet:
            return None
        seconds = self.kernel.now / MICRO
        fault = self._outage(name, faults, seconds)
        if fault is None:
            rate = max(self.weather.rate, 0.5) if name == self.weather.focus else self.weather.rate
            if roll >= rate or not self.is_rough():
                return None
            fault = faults[int(which * len(faults))]
        where = f"{process.name}/{process.strikes}"
        if where in self.without:
            return None
        self.struck.append(Strike(where, name, fault, self.kernel.now))
        if name != "voucher.notify":
            self.last_trouble = self.kernel.now
        self.note(f"FAULT {fault} at {name}")
        return fault

    def is_rough(self) -> bool:
        return self.kernel.now / MICRO < self.weather.calm_after

    def _outage(self, name: str, faults: tuple[Fault, ...], seconds: float) -> Fault | None:
        for outage in self.weather.outages:
            hit = outage.start <= seconds < outage.end and name.startswith(outage.prefix)
            if hit and outage.fault in faults and outage.name not in self.without:
                return outage.fault
        return None

    def _latencies(self, process: Process, fault: Fault | None) -> tuple[float, float]:
        first, second = process.random.random(), process.random.random()
        if fault is Fault.SLOW:
            return first * 20, second * 12
        most = self.kernel.current.drag if self.kernel.current is not None else 0.02
        return first * most, second * most


def brief(result: object) -> str:
    text = str(getattr(result, "state", "") or getattr(result, "status", "")) or str(result)
    return text if len(text) < 40 else f"{text[:37]}..."
