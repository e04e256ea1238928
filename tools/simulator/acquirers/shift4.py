"""Shift4 in a world."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.notifiers import NOTIFIERS
from shared.adapters.notifiers.secrets import OwnSecrets
from shared.domain.card import PAYER
from shared.domain.merchant import OwnConnector
from shared.ports.inbound import Inbound, Told
from shared.usecases.payment.hand_over import hand_over
from tools.simulator.acquirers.acquirer import Acquirer
from tools.simulator.kernel import START
from tools.simulator.plan import DECLINED, HOLDS_ON, REFUSED_LATER, UNDECIDED
from tools.simulator.wire import NoPort
from tools.testing.builders import MERCHANT, TEST
from tools.testing.far_sides.shift4.books import APPROVED
from tools.testing.far_sides.shift4.server import Shift4Acquirer
from tools.testing.far_sides.shift4.side import DECLINED as DECLINED_AT_SHIFT4
from tools.testing.far_sides.shift4.side import Shift4Side

if TYPE_CHECKING:
    from shared.adapters.settings import ConnectorSettings
    from shared.domain.payment import Payment
    from shared.ports.books import Books
    from shared.ports.world import Clock, World
    from tools.simulator.storm import Storm
    from tools.testing.far_sides.door import Request


HARD_TO_REFUND: Final = {HOLDS_ON: 3, UNDECIDED: 40}  # how often it is refused where its pages are ours


class _Shift4(NoPort, Shift4Acquirer): ...


class Shift4(Acquirer):
    name = "shift4"
    focus = (
        *("card.authorise", "card.capture", "card.release", "card.refund", "card.refunds", "card.charge"),
        *("card.charges", "card.shown", "card.token", "card.customer", "card.forget"),
    )

    def __init__(self) -> None:
        side = Shift4Side(_Shift4)
        self.acquirer, self.side = side.acquirer, side

    def settings(self, books: Books, now: Clock, storm: Storm) -> ConnectorSettings:
        self.acquirer.account.now = lambda: START + timedelta(microseconds=storm.kernel.now)
        self._now = super().settings(books, now, storm)
        return self._now

    def answers(self, request: Request) -> Any:
        return self.acquirer.answer(request)

    def rings(self, payment: Payment, now: Clock, *, forged: bool) -> Inbound:
        """An event is told by its name alone; nobody else can make one that Shift4 knows."""
        account = self.acquirer.account
        charge = next((c for c in account.charges.values() if c.metadata.get("transactionId") == payment.id), None)
        about = {"id": charge.id if charge else "char_0", "metadata": {"transactionId": payment.id}}
        event = {"id": account.name("event"), "objectType": "event", "type": "CHARGE_SUCCEEDED", "data": about}
        if not forged:
            account.events[str(event["id"])] = event
        return Inbound({}, json.dumps(event).encode(), now())

    def heard(self, inbound: Inbound) -> tuple[Told, OwnConnector]:
        own = OwnConnector(MERCHANT, TEST, self.name)
        return NOTIFIERS[self.name](OwnSecrets(self._now.credentials, own, self._now.http)).read(inbound), own

    def takes_a_card(self, payment: Payment) -> bool:
        return payment.card_page is not None and PAYER not in payment.card_page.handle

    def types(self, payment: Payment, number: str, world: World) -> object:
        declined = number in DECLINED or number == REFUSED_LATER[0]
        token = self.acquirer.account.tokenized(DECLINED_AT_SHIFT4 if declined else APPROVED)
        if number in HARD_TO_REFUND:
            self.acquirer.account.refusals[token.card.id] = HARD_TO_REFUND[number]
        return hand_over(payment, payment.page_id, token.id, f"payer of {payment.id}", world=world)

    def tokens(self) -> set[str]:
        return {card for cards in self.acquirer.account.customers.values() for card in cards}
