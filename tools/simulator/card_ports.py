"""The port of card gateways with a storm, or a watchman, in front of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from shared.domain.abilities import Abilities
from shared.domain.card_data import CardData
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Payment
from shared.domain.saved_card import SavedCard
from shared.ports.connectors import CardGateway, CardStep, Handed, Page, PageOutcome, PageRequest
from tools.simulator.other_side import OtherSide
from tools.testing.far_sides.side import CardBook, CardFarSide

NOT_SENT: Final = frozenset({"amount_not_representable"})  # the connector refused it itself
NOT_NOW: Final = "processing_error"  # an acquirer's own trouble: it does not move what is there


@dataclass(frozen=True, slots=True)
class StormyCard:
    """The port ``CardGateway``. ``closes`` is whether this gateway can close a page at all."""

    inner: CardGateway
    side: OtherSide
    closes: bool

    @property
    def abilities(self) -> Abilities:
        return replace(self.inner.abilities, closes_pages=self.closes)

    def open_page(self, request: PageRequest) -> Page:
        return self.side.call("open_page", lambda: self.inner.open_page(request))

    def page_outcome(self, payment: Payment) -> PageOutcome:
        return self.side.call("page_outcome", lambda: self.inner.page_outcome(payment))

    def close_page(self, payment: Payment) -> PageOutcome:
        close = self.inner.close_page if self.closes else self.inner.page_outcome
        return self.side.call("close_page", lambda: close(payment))

    def present_card(self, payment: Payment, card: CardData) -> CardStep:
        return self.side.call("present_card", lambda: self.inner.present_card(payment, card))

    def authenticate(self, payment: Payment, code: str | None) -> PageOutcome:
        return self.side.call("authenticate", lambda: self.inner.authenticate(payment, code))

    def recognise(self, payment: Payment, token: str) -> Handed:
        return self.side.call("recognise", lambda: self.inner.recognise(payment, token))

    def authorise(self, payment: Payment, operation: Operation) -> Answer:
        return self.side.send("authorise", operation.key, lambda: self.inner.authorise(payment, operation))

    def capture(self, payment: Payment, operation: Operation) -> Answer:
        return self.side.send("capture", operation.key, lambda: self.inner.capture(payment, operation))

    def void(self, payment: Payment, operation: Operation) -> Answer:
        return self.side.send("void", operation.key, lambda: self.inner.void(payment, operation))

    def refund(self, payment: Payment, operation: Operation) -> Answer:
        return self.side.send("refund", operation.key, lambda: self.inner.refund(payment, operation))

    def charge(self, payment: Payment, operation: Operation, token: str) -> Answer:
        return self.side.send("charge", operation.key, lambda: self.inner.charge(payment, operation, token))

    def delete_token(self, card: SavedCard, token: str) -> Answer:
        return self.side.call("delete_token", lambda: self.inner.delete_token(card, token))

    def lookup(self, payment: Payment, operation: Operation) -> Answer | None:
        return self.side.ask(operation.key, lambda: self.inner.lookup(payment, operation))


@dataclass(frozen=True, slots=True)
class AcquirersCard(StormyCard):
    """At an acquirer: no call goes there that its book does not allow, and none is refused that it does."""

    far: CardFarSide

    def capture(self, payment: Payment, operation: Operation) -> Answer:
        return self._watched(payment, operation, StormyCard.capture, lambda book: book.held.minor)

    def void(self, payment: Payment, operation: Operation) -> Answer:
        book, captures = self.far.book(payment), payment.done(Kind.CAPTURE)
        # One whose answer was lost told nothing of a rest, and some acquirers never do.
        knows = self.inner.abilities.tells_rest and all(capture.reference for capture in captures)
        if book.captured.minor and not book.held.minor and knows and not self.side.was_sent(operation.key):
            self.side.broken(f"{operation.key} is to release what was captured: {book}")
        return self._watched(payment, operation, StormyCard.void, lambda book: book.held.minor)

    def refund(self, payment: Payment, operation: Operation) -> Answer:
        return self._watched(
            payment, operation, StormyCard.refund, lambda book: book.captured.minor - book.refunded.minor
        )

    def _watched(
        self,
        payment: Payment,
        operation: Operation,
        call: Callable[[StormyCard, Payment, Operation], Answer],
        there: Callable[[CardBook], int],
    ) -> Answer:
        """The answer, which is no refusal of what was there to be done before and is still."""
        before = there(self.far.book(payment))
        answer = call(self, payment, operation)
        after = self.far.book(payment)
        sent = answer.code not in (*NOT_SENT, NOT_NOW)
        if answer.state is State.REFUSED and sent and min(before, there(after)) >= operation.amount.minor:
            self.side.broken(f"{operation.key} is refused ({answer.code}), and the acquirer has {after}")
        return answer
