"""Worlds whose vouchers are of two issuers over HTTP: their connectors and far sides, and a storm between them.

The plan's codes are issued there as they are, in turn by one and the other. None has the form of an issuer's own, so
that each is asked for one that it may not know.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, cast
from zlib import crc32

from shared.adapters.voucher_providers import assiopay
from shared.domain.account import Connector
from tools.simulator.errands import OF_A_GATEWAY
from tools.simulator.kernel import START
from tools.simulator.wire import NoPort, QuietCircuits, Wire
from tools.testing.builders import an_account
from tools.testing.far_sides.assiopay.server import AssioPayIssuer
from tools.testing.far_sides.assiopay.side import AssioPaySide
from tools.testing.far_sides.monni.server import MonniIssuer
from tools.testing.far_sides.monni.side import MonniSide

if TYPE_CHECKING:
    from shared.adapters.settings import ConnectorSettings
    from shared.domain.account import Account
    from shared.ports.books import Books
    from shared.ports.world import Clock
    from tools.simulator.kernel import Kernel
    from tools.simulator.plan import Scenario
    from tools.simulator.storm import Storm
    from tools.testing.fakes import FakeCredentials
    from tools.testing.far_sides.door import Reply, Request
    from tools.testing.far_sides.issuer import IssuerSide
    from tools.testing.far_sides.issuer_books import Ticket

FROM, UNTIL = OF_A_GATEWAY // 2, OF_A_GATEWAY * 7 // 10  # a fifth of the sandbox's worlds
FOCUS: Final = (
    *("voucher.reserve", "voucher.check", "voucher.spend", "voucher.reverse", "voucher.reservation"),
    *("voucher.operation", "voucher.transaction", "voucher.login", "voucher.release", "voucher.notify"),
)
_CODE: Final = re.compile(r"V(?P<cents>[0-9]+)-(?P<serial>.+)")
_LIKE: Final[dict[str, dict[str, Any]]] = {
    "EXPIRED": {"until": date(2020, 1, 1)},
    "SPENDFAIL": {"unspendable": True},
    "NOREVERSE": {"kind": "canteen"},
    "WHOLE": {"parts_back": False},
}


def has_issuers(seed: int) -> bool:
    return FROM <= seed < UNTIL


class _AssioPay(NoPort, AssioPayIssuer): ...


class _Monni(NoPort, MonniIssuer): ...


class Issuers:
    """Both issuers of one world, with the codes of its plan."""

    def __init__(self, scenario: Scenario, kernel: Kernel) -> None:
        assiopay.sign_everybody_out()  # what an earlier world left is none of this one's
        self.assiopay, self.monni = AssioPaySide(_AssioPay), MonniSide(_Monni)
        for side in (self.assiopay, self.monni):
            side.books.now = lambda: START + timedelta(microseconds=kernel.now)
        for otp in sorted({otp for plan in scenario.plans for choice in plan.choices for otp in choice.otps}):
            self._issue(otp)

    def _issue(self, otp: str) -> None:
        form = _CODE.fullmatch(otp)
        if form is None or form["serial"].startswith("INVALID"):
            return
        side: IssuerSide = (self.assiopay, self.monni)[crc32(otp.encode()) % 2]
        facts = next((like for beginning, like in _LIKE.items() if form["serial"].startswith(beginning)), {})
        ticket = side.books.issue(otp, int(form["cents"]), **{**side.ordinary, **facts})
        ticket.serial = f"{side.name}-{ticket.serial}"  # numbers begin anew at each
        if form["serial"].startswith("USED"):
            ticket.blocked = "used"

    @staticmethod
    def account() -> Account:
        return an_account(voucher_provider=Connector("assiopay"), more_providers=(Connector("monni"),))

    def settings(self, books: Books, now: Clock, storm: Storm) -> ConnectorSettings:
        self.monni.lend(cast("FakeCredentials", self.assiopay.settings.credentials))
        wire = Wire(log=False, storm=storm, answers=self._answers, forges=lambda request: None, port="voucher")
        return replace(self.assiopay.settings, books=books, now=now, http=wire, circuits=QuietCircuits(now))

    def _answers(self, request: Request) -> Reply:
        side = self.monni if request.path.startswith("/v1/") else self.assiopay
        return side.issuer.answer(request)

    @property
    def tickets(self) -> list[Ticket]:
        return [ticket for side in (self.assiopay, self.monni) for ticket in side.books.tickets.values()]
