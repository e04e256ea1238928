"""Two shops at one acquirer that is reached over HTTP, with a connector's settings for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

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

PATIENCE: Final = 0.8  # seconds that a call may take which is not answered
_LONG: Final = 20.0  # and one which is: the machine may be busy
OTHER: Final = MerchantId("m_other")
APPROVED: Final = "4242424242424242"


@dataclass(frozen=True, slots=True)
class _Calls(PspHttp):
    """Waits briefly where the far side is to be slower than anybody waits, and long where it is only asked."""

    switch: Switch | None = None

    def call(self, request: PspRequest) -> PspReply:
        fault = self.switch.fault if self.switch else None
        seconds = PATIENCE if fault is not None and fault.damage is Damage.SLOW else _LONG
        return PspHttp(self.allow_private, seconds, self.connect, self.tls, self.log).call(request)


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
