"""The sandbox card gateway: keeps its own books and does what the test card says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from shared.adapters.ledger import Doc, edit, noted, once, refuse_live, stored_answer
from shared.adapters.settings import ConnectorSettings
from shared.domain.consent import Consent
from shared.domain.decline import Decline
from shared.domain.errors import NotFound, OutcomeUnknown
from shared.domain.money import Money
from shared.domain.operation import Answer, Operation, State
from shared.domain.payment import Card, Payment
from shared.ports.connectors import Page, PageOutcome, PageRequest, PageState

if TYPE_CHECKING:
    from shared.domain.saved_card import SavedCard

PAGE: Final = "page"
TOKEN: Final = "sbxtok"  # noqa: S105 - how tokens begin
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
                doc.update(_new_page(payment, sale=request.sale, tokenize=request.tokenize))
                doc["number"] = request.try_number - 1

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
            return Answer(State.SUCCEEDED, *APPROVED, _reference(payment, doc))

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
        source, _ = self.settings.books.load(PAGE, _page_of(token))
        known = _token_of(source) == (payment.merchant_id, payment.environment.value, token)

        def act(doc: Doc) -> Answer:
            if not known:
                doc["state"] = PageState.DECLINED.value
                return Answer(State.REFUSED, "14", "The card is not known any more")
            doc["behaviour"] = source["behaviour"]
            if doc["behaviour"] == "capture_fails":
                doc["state"] = PageState.DECLINED.value
                return Answer(State.REFUSED, "05", "Card declined")
            doc["state"] = PageState.APPROVED.value
            doc["captured"] = operation.amount.minor
            return Answer(State.SUCCEEDED, *APPROVED, _reference(payment, doc))

        new = _new_page(payment, sale=True, tokenize=False) | {"closed": True}
        return self._call(payment, operation, act, new)

    def delete_token(self, card: SavedCard, token: str) -> Answer:
        refuse_live(card)
        at = self.settings.now().isoformat()

        def act(doc: Doc) -> bool:
            if _token_of(doc) != (card.merchant_id, card.environment.value, token):
                return False
            del doc["token"]
            noted(doc, "DELETE_TOKEN", at)
            return bool(doc["behaviour"] == "answer_lost")

        if edit(self.settings.books, PAGE, _page_of(token), act):
            raise OutcomeUnknown("the sandbox acted and lost its answer")
        return Answer(State.SUCCEEDED, *APPROVED)

    def lookup(self, payment: Payment, operation: Operation) -> Answer | None:
        refuse_live(payment)
        doc, _ = self.settings.books.load(PAGE, payment.page_id)
        return stored_answer(doc, operation.key)

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


def _new_page(payment: Payment, *, sale: bool, tokenize: bool) -> Doc:
    return {
        "paymentId": payment.id,
        "merchantId": payment.merchant_id,
        "environment": payment.environment.value,
        "amount": payment.amount.minor,
        "currency": payment.amount.currency,
        "sale": sale,
        "tokenize": tokenize,
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
        auth_code=doc.get("authCode"),
        card=Card(**card) if card else None,
        token=doc.get("token"),
        fingerprint=doc.get("fingerprint"),
        closed=bool(doc.get("closed")),
        payer=doc.get("payer"),
        consent=_consent(doc),
        reason=Decline(doc["reason"]) if "reason" in doc and doc["state"] == PageState.DECLINED else None,
    )


def _consent(doc: Doc) -> Consent | None:
    said = doc.get("consent")
    return (
        None
        if said is None
        else Consent(said["given"], said["text"], said["language"], datetime.fromisoformat(said["at"]))
    )


def new_token(page_id: str, random: str) -> str:
    """A token that leads back to the page on which the card was entered."""
    return f"{TOKEN}_{page_id}_{random}"


def _page_of(token: str) -> str:
    return token.partition("_")[2].rpartition("_")[0] or "none"


def _token_of(doc: Doc) -> tuple[object, object, object]:
    """Whose token it is, in which environment, and the token; it is gone once it was deleted."""
    return doc.get("merchantId"), doc.get("environment"), doc.get("token")


def _reference(payment: Payment, doc: Doc) -> str:
    return f"SBX_{payment.page_id[3:15]}_{len(doc['calls']) + 1}"
