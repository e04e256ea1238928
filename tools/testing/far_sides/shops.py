"""Two shops at one acquirer that is reached over HTTP, with a connector's settings for each."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from shared.adapters.psp_connections import HERE
from shared.adapters.psp_http import PspHttp, PspReply, PspRequest
from shared.adapters.settings import ConnectorSettings
from shared.domain.ids import MerchantId
from shared.domain.money import Money
from shared.domain.payment import Environment, Payment
from tools.testing.builders import MERCHANT
from tools.testing.fakes import FakeBooks, FakeCredentials, FixedClock
from tools.testing.far_sides.door import Door
from tools.testing.far_sides.side import CardBook, Presentable
from tools.testing.far_sides.switch import Damage, Switch

_SECONDS: Final = 20.0  # of a call: the machine may be busy
OTHER: Final = MerchantId("m_other")
APPROVED: Final = "4242424242424242"


@dataclass(frozen=True, slots=True)
class _Calls(PspHttp):
    """Where the far side is slower than anybody waits, the time of a call is up as soon as it is silent.

    So nobody waits for real, and a machine that stands still takes no good answer for one that came too late. It is
    for one call at a time; whoever makes several at once gives the switch its patience.
    """

    switch: Switch = field(default_factory=Switch)

    def call(self, request: PspRequest) -> PspReply:
        slow = self.switch.fault is not None and self.switch.fault.damage is Damage.SLOW
        if slow and self.switch.patience is None:
            return self._until_silent(request)
        return self._within(self.switch.patience if slow and self.switch.patience else _SECONDS, request)

    def _until_silent(self, request: PspRequest) -> PspReply:
        self.switch.silent.clear()
        here = vars(HERE)  # of this thread, which makes the call: the other one has its own

        def time_is_up() -> None:
            if self.switch.silent.wait(_SECONDS) and "exchange" in here:
                here["exchange"].cut()

        watch = threading.Thread(target=time_is_up, daemon=True)
        watch.start()
        try:
            return self._within(_SECONDS, request)
        finally:
            self.switch.silent.set()  # whatever came: nobody is left to be cut off
            watch.join()

    def _within(self, seconds: float, request: PspRequest) -> PspReply:
        return PspHttp(self.allow_private, seconds, _SECONDS, self.tls, self.log).call(request)


class TwoShops:
    """What the far sides of ``name`` share: ``settings`` lead a connector there, for both merchants."""

    presentable: Presentable | None = None
    pages_are_ours = False

    def __init__(
        self, door: Door, name: str, own: Mapping[str, str], other: Mapping[str, str], clock: FixedClock
    ) -> None:
        self._door = door
        credentials = FakeCredentials()
        for merchant, known in ((MERCHANT, own), (OTHER, other)):
            credentials.put(merchant, Environment.TEST, name, known)
        http = _Calls(allow_private=True, switch=door.switch)
        self.settings = ConnectorSettings(FakeBooks(), clock, credentials, http)

    @property
    def switch(self) -> Switch:
        return self._door.switch

    def close(self) -> None:
        self._door.close()


def booked(payment: Payment, parts: Iterable[tuple[int, int, int]]) -> CardBook:
    """Held, captured and refunded of all ``parts``."""
    sums = [sum(each) for each in zip(*parts, strict=True)] or [0, 0, 0]
    return CardBook(*(Money(minor, payment.amount.currency) for minor in sums))
