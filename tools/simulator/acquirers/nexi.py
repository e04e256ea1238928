"""Nexi in a world."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from shared.ports.inbound import Inbound
from tools.simulator.acquirers.acquirer import Acquirer
from tools.simulator.wire import NoPort
from tools.testing.far_sides.nexi.server import NexiAcquirer
from tools.testing.far_sides.nexi.side import NexiSide

if TYPE_CHECKING:
    from shared.domain.payment import Payment
    from shared.ports.world import Clock
    from tools.testing.far_sides.door import Request


class _Nexi(NoPort, NexiAcquirer): ...


class Nexi(Acquirer):
    name = "nexi"
    signs_bells = False
    focus = (
        *("card.captures", "card.cancels", "card.refunds", "card.charge", "card.order", "card.operation"),
        "card.open",
    )

    def __init__(self) -> None:
        side = NexiSide(_Nexi)
        self.acquirer, self.side = side.acquirer, side

    def answers(self, request: Request) -> Any:
        return self.acquirer.answer(request)

    def rings(self, payment: Payment, now: Clock, *, forged: bool) -> Inbound:
        """Nothing in it is read, so that a forged one is like any other."""
        told = {
            "securityToken": "somebody else's" if forged else self.acquirer.terminal.orders[payment.page_id].token
        }
        return Inbound({}, json.dumps(told).encode(), now(), payment=payment.id)

    def takes_a_card(self, payment: Payment) -> bool:
        return not self.acquirer.terminal.order(payment.page_id).operations

    def tokens(self) -> set[str]:
        return set(self.acquirer.terminal.contracts)
