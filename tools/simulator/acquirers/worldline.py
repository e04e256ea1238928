"""Worldline in a world."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from shared.ports.inbound import Inbound
from tools.simulator.acquirers.acquirer import Acquirer
from tools.simulator.wire import NoPort
from tools.testing.builders import MERCHANT, TEST
from tools.testing.far_sides.worldline import server as worldline
from tools.testing.far_sides.worldline.server import WorldlineAcquirer
from tools.testing.far_sides.worldline.side import WorldlineSide

if TYPE_CHECKING:
    from shared.domain.payment import Payment
    from shared.ports.world import Clock
    from tools.testing.fakes import FakeCredentials
    from tools.testing.far_sides.door import Request


class _Worldline(NoPort, WorldlineAcquirer): ...


class Worldline(Acquirer):
    name = "worldline"
    focus = (
        *("card.capture", "card.captures", "card.cancel", "card.refund", "card.refunds", "card.charge"),
        *("card.page", "card.payment", "card.open"),
    )

    def __init__(self) -> None:
        side = WorldlineSide(_Worldline)
        self.acquirer, self.side = side.acquirer, side
        credentials = cast("FakeCredentials", side.settings.credentials)
        known = credentials.of(MERCHANT, TEST, self.name)
        credentials.put(MERCHANT, TEST, self.name, {**known, "webhook_secret": worldline.WEBHOOK_SECRET})

    def answers(self, request: Request) -> Any:
        return self.acquirer.answer(request)

    def rings(self, payment: Payment, now: Clock, *, forged: bool) -> Inbound:
        about = {"id": "1_0", "paymentOutput": {"references": {"merchantReference": payment.id}}}
        body = json.dumps({"type": "payment.captured", "payment": about}).encode()
        return Inbound(worldline.signed(body, "somebody else's" if forged else worldline.WEBHOOK_SECRET), body, now())

    def takes_a_card(self, payment: Payment) -> bool:
        return self.acquirer.shop.checkout(payment.page_id).status == "IN_PROGRESS"

    def tokens(self) -> set[str]:
        return set(self.acquirer.shop.tokens)
