"""The sandbox card gateway: keeps its own books and does what the test card says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from shared.adapters.card_gateways.calls import NoTokens
from shared.adapters.card_gateways.sandbox_books import (
    APPROVED,
    PAGE,
    accepted,
    approve,
    book,
    is_booked,
    new_page,
    outcome_of,
    page_of,
    settle,
    token_of,
)
from shared.adapters.ledger import Doc, edit, noted, once, refuse_live, refuse_new, stored_answer
from shared.adapters.settings import ConnectorSettings
from shared.domain.abilities import Abilities
from shared.domain.decline import Decline
from shared.domain.errors import NotFound, OutcomeUnknown
from shared.domain.money import Money
from shared.domain.operation import Answer, Operation, State
from shared.domain.payment import Payment
from shared.domain.record import dataclass
from shared.ports.connectors import Page, PageOutcome, PageRequest, PageState

if TYPE_CHECKING:
    from shared.domain.card_data import CardData
    from shared.domain.saved_card import SavedCard
    from shared.ports.connectors import CardStep


@dataclass(frozen=True, slots=True)
class SandboxCardGateway(NoTokens):
    """The port ``CardGateway``. Amounts in the books are minor units; ``calls`` lists what was received."""

    abilities: ClassVar = Abilities(server_to_server=True)
    settings: ConnectorSettings

    def open_page(self, request: PageRequest) -> Page:
        payment = request.payment
        refuse_new(self.settings, payment)

        def act(doc: Doc) -> None:
            if not doc:
                doc.update(new_page(payment, sale=request.sale, tokenize=request.tokenize, number=request.try_number))

        edit(self.settings.books, PAGE, request.page_id, act)
        return Page(request.page_id, f"{payment.pages_origin}/pay/card/?paymentID={request.page_id}")

    def page_outcome(self, payment: Payment) -> PageOutcome:
        refuse_live(payment)
        doc, _ = self.settings.books.load(PAGE, payment.page_id)
        if doc.get("state") != PageState.PENDING:
            return outcome_of(doc)

        def act(doc: Doc) -> PageOutcome:
            settle(doc, payment.page_id, self.settings.now())
            return outcome_of(doc)

        return edit(self.settings.books, PAGE, payment.page_id, act)

    def close_page(self, payment: Payment) -> PageOutcome:
        refuse_live(payment)

        def act(doc: Doc) -> PageOutcome:
            settle(doc, payment.page_id, self.settings.now())
            if doc.get("state") != PageState.APPROVED:
                doc["closed"] = True
            return outcome_of(doc)

        return edit(self.settings.books, PAGE, payment.page_id, act)

    def present_card(self, payment: Payment, card: CardData) -> CardStep:
        from shared.adapters.card_gateways import sandbox_door  # few payments bring their card along

        refuse_live(payment)
        return sandbox_door.present(self.settings, payment.page_id, card)

    def authenticate(self, payment: Payment, code: str | None) -> PageOutcome:
        from shared.adapters.card_gateways import sandbox_door

        refuse_live(payment)
        return sandbox_door.authenticate(self.settings, payment.page_id, code)

    def authorise(self, payment: Payment, operation: Operation) -> Answer:
        def act(doc: Doc) -> Answer:
            if doc["state"] != PageState.AGREED or doc.get("closed"):
                return Answer(State.REFUSED, "097", "Nobody has agreed to this")
            if operation.amount.minor != doc["amount"]:
                return Answer(State.REFUSED, "098", "Not the amount that was agreed to")
            if doc["behaviour"] == "agrees_refused":
                doc["state"], doc["code"], doc["reason"] = PageState.DECLINED.value, "05", Decline.CARD_DECLINED.value
                return Answer(State.REFUSED, "05", "Card declined", reason=Decline.CARD_DECLINED)
            approve(doc, payment.page_id)
            return Answer(State.SUCCEEDED, *APPROVED, doc["reference"], auth_code=doc["authCode"])

        return self._call(payment, operation, act)

    def capture(self, payment: Payment, operation: Operation) -> Answer:
        def act(doc: Doc) -> Answer:
            if doc["behaviour"] == "capture_fails":
                return Answer(State.REFUSED, "05", "Capture refused by the issuer")
            if not doc["authorised"] or doc["captured"] or doc["voided"]:
                return Answer(State.REFUSED, "097", "There is no hold to capture")
            if operation.amount.minor > doc["authorised"]:
                return Answer(State.REFUSED, "098", "More than was authorised")
            doc["captured"] = operation.amount.minor
            rest = doc["authorised"] - operation.amount.minor
            if doc["behaviour"] == "rest_held":
                left = Money(rest, operation.amount.currency)
                return Answer(State.SUCCEEDED, *APPROVED, _reference(payment, doc), left=left)
            doc["released"] = rest
            return accepted(doc, _reference(payment, doc), self.settings.now())

        return self._call(payment, operation, act)

    def void(self, payment: Payment, operation: Operation) -> Answer:
        def act(doc: Doc) -> Answer:
            held = doc["authorised"] - doc["captured"] - doc["released"] - doc["voided"]
            if doc["captured"] and operation.amount.minor != held:
                return Answer(State.REFUSED, "099", "Already captured")
            if not held:
                return Answer(State.SUCCEEDED, "already_released", "The hold is gone", _reference(payment, doc))
            doc["voided"] = held
            return Answer(State.SUCCEEDED, *APPROVED, _reference(payment, doc))

        return self._call(payment, operation, act)

    def refund(self, payment: Payment, operation: Operation) -> Answer:
        def act(doc: Doc) -> Answer:
            if doc["behaviour"] == "refund_fails":
                return Answer(State.REFUSED, "refund_refused", "The refund was refused by the issuer")
            if doc["refunded"] + operation.amount.minor > doc["captured"]:
                return Answer(State.REFUSED, "00260", "More than was captured")
            doc["refunded"] += operation.amount.minor
            return Answer(State.SUCCEEDED, *APPROVED, _reference(payment, doc))

        return self._call(payment, operation, act)

    def charge(self, payment: Payment, operation: Operation, token: str) -> Answer:
        source, _ = self.settings.books.load(PAGE, page_of(token))
        known = token_of(source) == (payment.merchant_id, payment.environment.value, token)

        def act(doc: Doc) -> Answer:
            if not known:
                doc["state"] = PageState.DECLINED.value
                return Answer(
                    State.REFUSED, "14", "The card is not known any more", reason=Decline.CARD_NOT_SUPPORTED
                )
            doc["behaviour"] = source["behaviour"]
            if doc["behaviour"] == "capture_fails":
                doc["state"] = PageState.DECLINED.value
                return Answer(State.REFUSED, "05", "Card declined", reason=Decline.CARD_DECLINED)
            if doc["behaviour"] == "asks_holder":
                doc["state"] = PageState.DECLINED.value
                reason = Decline.AUTHENTICATION_REQUIRED
                return Answer(State.REFUSED, "65", "The holder has to confirm", reason=reason)
            doc["state"] = PageState.APPROVED.value
            doc["captured"] = operation.amount.minor
            return accepted(doc, _reference(payment, doc), self.settings.now())

        new = new_page(payment, sale=True, tokenize=False) | {"closed": True}
        return self._call(payment, operation, act, new)

    def delete_token(self, card: SavedCard, token: str) -> Answer:
        refuse_live(card)
        at = self.settings.now().isoformat()

        def act(doc: Doc) -> bool:
            if token_of(doc) != (card.merchant_id, card.environment.value, token):
                return False
            del doc["token"]
            noted(doc, "DELETE_TOKEN", at)
            return bool(doc["behaviour"] == "answer_lost")

        if edit(self.settings.books, PAGE, page_of(token), act):
            raise OutcomeUnknown("the sandbox acted and lost its answer")
        return Answer(State.SUCCEEDED, *APPROVED)

    def lookup(self, payment: Payment, operation: Operation) -> Answer | None:
        refuse_live(payment)
        doc, _ = self.settings.books.load(PAGE, payment.page_id)
        answer, now = stored_answer(doc, operation.key), self.settings.now()
        if not is_booked(doc, answer, now):
            return answer
        return edit(self.settings.books, PAGE, payment.page_id, lambda doc: book(doc, operation.key, now))

    def _call(
        self,
        payment: Payment,
        operation: Operation,
        act: Callable[[Doc], Answer],
        new: Doc | None = None,
    ) -> Answer:
        """Act once per key and write it down. ``new`` is the document of a payment that has none yet."""
        refuse_live(payment)
        at = self.settings.now().isoformat()

        def write(doc: Doc) -> tuple[Answer, bool, bool]:
            if not doc:
                if new is None:
                    raise NotFound("the sandbox does not know this payment")
                doc.update(new)
            answer, first = once(
                doc, operation.key, act if doc["currency"] == operation.amount.currency else _wrong_currency
            )
            if first:
                noted(
                    doc,
                    operation.kind.value,
                    at,
                    amount=operation.amount.minor,
                    key=operation.key,
                    state=answer.state.value,
                )
            return answer, first, doc["behaviour"] == "answer_lost"

        answer, first, lost = edit(self.settings.books, PAGE, payment.page_id, write)
        if first and lost:
            raise OutcomeUnknown("the sandbox acted and lost its answer")
        return answer


def _wrong_currency(doc: Doc) -> Answer:
    return Answer(State.REFUSED, "wrong_currency", f"This payment is in {doc['currency']}")


def _reference(payment: Payment, doc: Doc) -> str:
    return f"SBX_{payment.page_id[3:15]}_{len(doc['calls']) + 1}"
