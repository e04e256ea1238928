"""The wire to an acquirer: whole requests and replies, so that a connector is struck where it really is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from shared.adapters.circuit import Circuits, Whose
from shared.adapters.psp_http import PspHttp, PspReply, PspRequest
from shared.domain.errors import OutcomeUnknown
from tools.simulator.other_side import OF_PORTS
from tools.simulator.storm import WIRE, Fault, Storm
from tools.testing.far_sides.door import Reply, Request

if TYPE_CHECKING:
    from tools.simulator.kernel import Process

ORIGIN: Final = "https://acquirer.example"
Answers = Callable[[Request], Reply]
Forges = Callable[[Request], bytes | None]


class NoPort:
    """In the place of an acquirer's port: whoever calls hands the request over."""

    @property
    def origin(self) -> str:
        return ORIGIN

    def listen(self) -> None:
        """Nobody can connect."""

    def close(self) -> None:
        """Nothing runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire(PspHttp):
    """``PspHttp`` up to the socket. ``forges`` is what somebody else would answer; None: nobody can, it has TLS.

    ``port`` begins what a call is called in the storm: whether it is to a card gateway or an issuer of vouchers.
    """

    storm: Storm
    answers: Answers
    forges: Forges
    port: str = "card"

    def _exchanged(self, request: PspRequest, private: bool) -> PspReply:
        parts = urlsplit(request.url)
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Request(request.method, parts.path, parts.query, headers, request.body)
        verb = request.operation.partition(".")[2]
        return self.storm.call(
            f"{self.port}.{verb}", lambda: self._answered(asked), WIRE, OF_PORTS, lambda: self._damaged(asked)
        )

    def _answered(self, asked: Request) -> PspReply:
        said = self.answers(asked)
        return PspReply(said.status, _lower(said.headers), said.body)

    def _damaged(self, asked: Request) -> PspReply:
        """What comes in place of the reply; whether it acted is part of what nobody can tell from it."""
        fault = self.storm.struck[-1].fault
        if fault is Fault.FORGED:
            return self._forged(asked)
        acts = fault is Fault.GARBLED or self._running().random.random() < 0.5
        said = self._answered(asked) if acts else PspReply(200, {}, b"")
        if fault is Fault.FAILING:
            return PspReply(503, {}, b"<html>Service Unavailable</html>")
        return PspReply(said.status, said.headers, said.body[: len(said.body) // 2])

    def _forged(self, asked: Request) -> PspReply:
        forged = self.forges(asked)
        if forged is None:
            self._answered(asked)
            raise OutcomeUnknown("the connection was cut")
        return PspReply(200, {}, forged)

    def _running(self) -> Process:
        process = self.storm.kernel.current
        assert process is not None
        return process


class QuietCircuits(Circuits):
    """Metrics and log lines of a simulated afternoon are nobody's."""

    def _opened(self, whose: Whose) -> None:
        """Nobody is told."""

    def _answered(self, whose: Whose) -> None:
        with self._lock:
            self._known.pop(whose, None)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
