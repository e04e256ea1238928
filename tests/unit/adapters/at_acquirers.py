"""A merchant's payments at one acquirer, as its connector meets them: opened, held, captured."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shared.domain.card import CardPage
from shared.domain.money import Money
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Payment
from shared.domain.taking import pending
from shared.ports.connectors import CardGateway, PageRequest
from tools.testing.builders import a_payment, euro
from tools.testing.fakes import NOON
from tools.testing.far_sides.side import CardFarSide

BACK = "https://gateway.example/return/TXN/secret"
BELL = "https://gateway.example/webhook/psp/name/connector/TXN"


class Payments:
    """``name`` is the connector's; whatever was answered stands in the journal."""

    def __init__(self, name: str, gateway: CardGateway, side: CardFarSide) -> None:
        self.name, self.gateway, self.side = name, gateway, side

    def opened(self, *, sale: bool = False, tokenize: bool = False, **fields: Any) -> Payment:
        payment = a_payment(gateway=self.name, **fields)
        urls: dict[str, Any] = {"return_url": BACK, "notify_url": BELL, "cancel_url": f"{BACK}?left=1"}
        page = self.gateway.open_page(PageRequest(payment, payment.page_id, sale=sale, tokenize=tokenize, **urls))
        kept = CardPage(1, page.page_id, NOON, page.url, dict(page.handle), page.framable)
        return replace(payment, page_id=page.page_id, card_page=kept)

    def held(self, *, sale: bool = False, **wanted: Any) -> Payment:
        payment = self.opened(sale=sale, **wanted)
        assert self.side.approve(payment)
        outcome = self.gateway.page_outcome(payment)
        made = new(payment, Kind.SALE if sale else Kind.PREAUTH, payment.amount)
        return payment.with_operation(made.closed(Answer(State.SUCCEEDED, reference=outcome.reference), NOON))

    def captured(self, cents: int) -> Payment:
        payment = self.held()
        made = new(payment, Kind.CAPTURE, euro(cents))
        return payment.with_operation(made.closed(self.gateway.capture(payment, made), NOON))


def new(payment: Payment, kind: Kind, amount: Money) -> Operation:
    return pending(payment, kind, len(payment.operations) + 1, amount, NOON)


def again(made: Operation) -> Operation:
    """As a later visit sends it, after its answer was lost."""
    return replace(made.closed(Answer(State.UNKNOWN), NOON), taken_at=NOON)
