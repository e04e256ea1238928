"""The sandbox card gateway: keeps its own books and does what the test card says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shared.adapters.ledger import Doc, edit, noted, once, refuse_live, stored_answer
from shared.adapters.settings import ConnectorSettings
from shared.domain.errors import NotFound, OutcomeUnknown
from shared.domain.money import Money
from shared.domain.operation import Answer, Kind, State
from shared.domain.payment import Card, Payment
from shared.ports import Page, PageOutcome, PageRequest, PageState

PAGE: Final = "page"
APPROVED: Final = ("00", "Transaction approved")


@dataclass(frozen=True, slots=True)
class SandboxCardGateway:
    """The port ``CardGateway``. Amounts in the books are minor units; ``calls`` lists what was received."""

    settings: ConnectorSettings

    def open_page(self, request: PageRequest) -> Page:
        payment = request.payment
        refuse_live(payment)

        def act(doc: Doc) -> None:
            if not doc:
                doc.update(_new_page(request))

        edit(self.settings.books, PAGE, request.page_id, act)
        return Page(request.page_id, f"{payment.pages_origin}/pay/card/?paymentID={request.page_id}")

    def page_outcome(self, payment: Payment) -> PageOutcome:
        refuse_live(payment)
        doc, _ = self.settings.books.load(PAGE, payment.page_id)
        return outcome_of(doc)

    def close_page(self, payment: Payment) -> PageOutcome:
        refuse_live(payment)

        def act(doc: Doc) -> PageOutcome:
            if doc.get("state") != PageState.APPROVED:
                doc["closed"] = True
            return outcome_of(doc)

        return edit(self.settings.books, PAGE, payment.page_id, act)

    def capture(self, payment: Payment, key: str, amount: Money) -> Answer:
        def act(doc: Doc) -> Answer:
            if doc["behaviour"] == "capture_fails":
                return Answer(State.REFUSED, "05", "Capture refused by the issuer")
            if not doc["authorised"] or doc["captured"] or doc["voided"]:
                return Answer(State.REFUSED, "097", "There is no hold to capture")
            if amount.minor > doc["authorised"]:
                return Answer(State.REFUSED, "098", "More than was authorised")
            doc["captured"] = amount.minor
            doc["released"] = doc["authorised"] - amount.minor
            return Answer(State.SUCCEEDED, *APPROVED, _reference(payment, doc))

        return self._call(payment, key, Kind.CAPTURE, amount, act)

    def void(self, payment: Payment, key: str, amount: Money) -> Answer:
        def act(doc: Doc) -> Answer:
            if doc["captured"]:
                return Answer(State.REFUSED, "099", "Already captured")
            if doc["voided"] or not doc["authorised"]:
                return Answer(State.SUCCEEDED, "already_released", "The hold is gone", _reference(payment, doc))
            doc["voided"] = doc["authorised"]
            return Answer(State.SUCCEEDED, *APPROVED, _reference(payment, doc))

        return self._call(payment, key, Kind.VOID, amount, act)

    def refund(self, payment: Payment, key: str, amount: Money) -> Answer:
        def act(doc: Doc) -> Answer:
            if doc["behaviour"] == "refund_fails":
                return Answer(State.REFUSED, "refund_refused", "The refund was refused by the issuer")
            if doc["refunded"] + amount.minor > doc["captured"]:
                return Answer(State.REFUSED, "00260", "More than was captured")
            doc["refunded"] += amount.minor
            return Answer(State.SUCCEEDED, *APPROVED, _reference(payment, doc))

        return self._call(payment, key, Kind.REFUND, amount, act)

    def lookup(self, payment: Payment, key: str, kind: Kind) -> Answer | None:
        refuse_live(payment)
        doc, _ = self.settings.books.load(PAGE, payment.page_id)
        return stored_answer(doc, key)

    def _call(self, payment: Payment, key: str, kind: Kind, amount: Money, act: object) -> Answer:
        refuse_live(payment)
        assert callable(act)
        at = self.settings.now().isoformat()

        def write(doc: Doc) -> tuple[Answer, bool, bool]:
            if not doc:
                raise NotFound("the sandbox does not know this payment")
            answer, first = once(doc, key, act)
            if first:
                noted(doc, kind.value, at, amount=amount.minor, key=key, state=answer.state.value)
            return answer, first, doc["behaviour"] == "answer_lost"

        answer, first, lost = edit(self.settings.books, PAGE, payment.page_id, write)
        if first and lost:
            raise OutcomeUnknown("the sandbox acted and lost its answer")
        return answer


def _new_page(request: PageRequest) -> Doc:
    payment = request.payment
    return {
        "paymentId": payment.id,
        "merchantId": payment.merchant_id,
        "environment": payment.environment.value,
        "amount": payment.amount.minor,
        "currency": payment.amount.currency,
        "sale": request.sale,
        "tokenize": request.tokenize,
        "state": PageState.OPEN.value,
        "behaviour": "",
        "number": 0,
        "authorised": 0,
        "captured": 0,
        "released": 0,
        "voided": 0,
        "refunded": 0,
        "calls": [],
    }


def outcome_of(doc: Doc) -> PageOutcome:
    """What a page's document says; a page nobody used yet is OPEN."""
    if not doc:
        raise NotFound("the sandbox does not know this page")
    card = doc.get("card")
    return PageOutcome(
        PageState(doc["state"]),
        number=doc["number"],
        code=doc.get("code", ""),
        message=doc.get("message", ""),
        reference=doc.get("reference"),
        card=Card(**card) if card else None,
    )


def _reference(payment: Payment, doc: Doc) -> str:
    return f"SBX_{payment.page_id[3:15]}_{len(doc['calls']) + 1}"
