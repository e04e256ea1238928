"""A card gateway, issuer of vouchers or provider of methods, watched for calls made twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from shared.domain.errors import OutcomeUnknown, Unavailable
from shared.domain.operation import Answer, State
from tools.simulator.kernel import MICRO, Process
from tools.simulator.storm import ASK, MONEY, SEND, Errors, Result, Storm

PENDING: Final = Answer(State.UNKNOWN)
OF_PORTS: Final = Errors(Unavailable, OutcomeUnknown)


@dataclass
class OtherSide:
    """A card gateway or voucher provider behind the storm: takes calls, perhaps acts on them later.

    ``broken`` hears of a call that was sent again although nobody had asked what became of it.
    """

    name: str
    storm: Storm
    broken: Callable[[str], None]
    on_record: Callable[[str], bool] = lambda key: True
    pending: set[str] = field(default_factory=set)
    _sent: set[str] = field(default_factory=set)
    _asked: set[tuple[Process | None, str]] = field(default_factory=set)

    def send(self, method: str, key: str, act: Callable[[], Answer]) -> Answer:
        self._check(key)
        return self.storm.call(
            f"{self.name}.{method}",
            lambda: PENDING if key in self.pending else self._answered(act),
            MONEY,
            OF_PORTS,
            lambda: self._taken(key, act),
        )

    def ask(self, key: str, look_up: Callable[[], Answer | None]) -> Answer | None:
        def act() -> Answer | None:
            self._asked.add((self.storm.kernel.current, key))
            return PENDING if key in self.pending else look_up()

        return self.storm.call(f"{self.name}.lookup", act, ASK, OF_PORTS)

    def call(self, method: str, act: Callable[[], Result]) -> Result:
        return self.storm.call(f"{self.name}.{method}", act, SEND, OF_PORTS)

    def was_sent(self, key: str) -> bool:
        return key in self._sent

    def _check(self, key: str) -> None:
        if key in self._sent and (self.storm.kernel.current, key) not in self._asked:
            self.broken(f"{key} was sent again without asking what became of it")
        if not self.on_record(key):
            self.broken(f"{key} was sent and is not on record")
        self._sent.add(key)

    def _taken(self, key: str, act: Callable[[], Answer]) -> Answer:
        kernel = self.storm.kernel
        assert kernel.current is not None
        seconds = kernel.current.random.choice((3.0, 90.0, 4000.0, 200_000.0))
        self.pending.add(key)
        kernel.at(kernel.now + int(seconds * MICRO), lambda: self._act(key, act))
        return PENDING

    def _act(self, key: str, act: Callable[[], Answer]) -> None:
        self.pending.discard(key)
        self.storm.note(f"{self.name} acts on {key}")
        self.storm.last_trouble = self.storm.kernel.now
        try:
            act()
        except OutcomeUnknown:
            return

    def _answered(self, act: Callable[[], Answer]) -> Answer:
        """A card or voucher whose answers the sandbox loses by itself is trouble too."""
        try:
            return act()
        except OutcomeUnknown:
            self.storm.last_trouble = self.storm.kernel.now
            raise


class Watched(OtherSide):
    """An acquirer, whose storm is on the wire to it: here calls are watched alone."""

    def send(self, method: str, key: str, act: Callable[[], Answer]) -> Answer:
        self._check(key)
        return act()

    def ask(self, key: str, look_up: Callable[[], Answer | None]) -> Answer | None:
        self._asked.add((self.storm.kernel.current, key))
        return look_up()

    def call(self, method: str, act: Callable[[], Result]) -> Result:
        return act()
