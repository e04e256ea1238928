"""IGFS in a world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.ports.inbound import Inbound
from tools.simulator.acquirers.acquirer import Acquirer
from tools.simulator.wire import NoPort
from tools.testing.far_sides.igfs import soap
from tools.testing.far_sides.igfs.books import PENDING
from tools.testing.far_sides.igfs.server import SERVICES, IgfsAcquirer
from tools.testing.far_sides.igfs.side import IgfsSide

if TYPE_CHECKING:
    from shared.domain.payment import Payment
    from shared.ports.world import Clock
    from tools.testing.far_sides.door import Request


class _Igfs(NoPort, IgfsAcquirer): ...


class Igfs(Acquirer):
    name = "igfs"
    signs_bells = False
    focus = ("card.Confirm", "card.VoidAuth", "card.Credit", "card.Verify", "card.Auth", "card.Init")

    def __init__(self) -> None:
        side = IgfsSide(_Igfs)
        self.acquirer, self.side = side.acquirer, side

    def answers(self, request: Request) -> Any:
        return self.acquirer.answer(request)

    def forges(self, request: Request) -> bytes | None:
        asked = soap.read(request.path.removeprefix(f"{SERVICES}/"), request.body)
        if asked.operation == "Init":
            return None  # it would lead the customer to a page that nobody has
        said = {"tid": asked["tid"], "shopID": asked["shopID"], "rc": "IGFS_000", "error": "false"}
        said |= {"tranID": "999000000000000000", "authCode": "999999", "paymentID": asked["paymentID"] or "999"}
        return soap.write(asked.operation, {**said, "redirectURL": "https://forged.example", "signature": "Zm9yZ2Vk"})

    def rings(self, payment: Payment, now: Clock, *, forged: bool) -> Inbound:
        """Nothing in it can be checked, so that a forged one is like any other."""
        body = f"paymentID={payment.page_id}&trType=AUTH&signature=AAAA".encode()
        return Inbound({}, body, now(), payment=payment.id)

    def takes_a_card(self, payment: Payment) -> bool:
        return self.acquirer.terminal.page(payment.page_id).code == PENDING

    def tokens(self) -> set[str]:
        return set(self.acquirer.terminal.tokens)
