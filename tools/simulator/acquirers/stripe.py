"""Stripe in a world."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from shared.domain.statuses import DisputeStatus, Source
from shared.ports.inbound import Inbound
from tools.simulator.acquirers.acquirer import Acquirer
from tools.simulator.errands import PRESENTED
from tools.simulator.kernel import START
from tools.simulator.wire import NoPort
from tools.testing.builders import MERCHANT, TEST
from tools.testing.far_sides.stripe import presented
from tools.testing.far_sides.stripe.server import StripeAcquirer, signed
from tools.testing.far_sides.stripe.side import StripeSide

if TYPE_CHECKING:
    from shared.adapters.settings import ConnectorSettings
    from shared.domain.payment import Payment
    from shared.ports.books import Books
    from shared.ports.world import Clock
    from tools.simulator.storm import Storm
    from tools.testing.fakes import FakeCredentials
    from tools.testing.far_sides.door import Request


DECLINED_WHEN_PRESENTED: Final = frozenset({"4532271111111112"})

_AT_STRIPE: Final = {
    DisputeStatus.OPEN: "needs_response",
    DisputeStatus.EVIDENCE_REQUIRED: "needs_response",
    DisputeStatus.WON: "won",
    DisputeStatus.LOST: "lost",
    DisputeStatus.CANCELLED: "warning_closed",
}


class _Stripe(NoPort, StripeAcquirer): ...


class Stripe(Acquirer):
    name = "stripe"
    focus = (
        *("card.capture", "card.cancel", "card.refund", "card.charge", "card.session", "card.expire", "card.open"),
        *("card.list.refunds", "card.list.payment_intents", "card.confirm", "card.intent", "card.agreed"),
    )
    focus_of_answers = ("card.evidence", "card.close", "card.dispute")

    def __init__(self) -> None:
        side = StripeSide(_Stripe)
        self.acquirer, self.side = side.acquirer, side
        secret = {"webhook_secret": side.account.webhook_secret}
        credentials = cast("FakeCredentials", side.settings.credentials)
        credentials.put(MERCHANT, TEST, self.name, {**credentials.of(MERCHANT, TEST, self.name), **secret})

    def settings(self, books: Books, now: Clock, storm: Storm) -> ConnectorSettings:
        self.acquirer.account.now = lambda: START + timedelta(microseconds=storm.kernel.now)
        return super().settings(books, now, storm)

    def answers(self, request: Request) -> Any:
        return self.acquirer.answer(request)

    def rings(self, payment: Payment, now: Clock, *, forged: bool) -> Inbound:
        about = {"id": payment.page_id, "object": "checkout.session", "metadata": {"transactionId": payment.id}}
        body = self.acquirer.event("checkout.session.completed", about)
        secret = "whsec_somebody_elses" if forged else self.acquirer.account.webhook_secret
        return Inbound({"stripe-signature": signed(secret, body, now())}, body, now())

    def takes_a_card(self, payment: Payment) -> bool:
        if payment.page_id in self.acquirer.account.intents:
            return False  # a card was presented, and there is no page
        session = self.acquirer.account.sessions[payment.page_id]
        return session.status == "open" and (session.intent is None or session.intent.status != "processing")

    def presents(self, number: str) -> str:
        asks = dict(PRESENTED).get(number, False)
        if number in DECLINED_WHEN_PRESENTED:
            return "4000000000000002"
        return presented.ASKED_BY_BANK if asks else "4242424242424242"

    def at_bank(self, payment: Payment, *, passes: bool) -> object:
        account = self.acquirer.account
        return presented.been_to_bank(account, account.intents[payment.page_id], passes=passes)

    def tokens(self) -> set[str]:
        return {card.id for card in self.acquirer.account.cards.values() if card.customer}

    def disputed(self, payment: Payment) -> tuple[Source, str] | None:
        account = self.acquirer.account
        paid = [
            one
            for one in account.intents.values()
            if one.metadata.get("transactionId") == payment.id and one.received
        ]
        return (Source.STRIPE, account.dispute(paid[0]).id) if paid else None

    def bank_says(self, number: str, status: DisputeStatus) -> None:
        self.acquirer.account.disputes[number].status = _AT_STRIPE[status]

    def answers_to(self, number: str) -> list[str]:
        return self.acquirer.account.disputes[number].said
