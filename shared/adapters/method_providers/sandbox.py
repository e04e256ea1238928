"""The sandbox method provider: its own books, and a payer's last name that says how it behaves.

``BEGINLOST`` begins and loses its answer, ``BEGINFAIL`` refuses to begin, ``REFUNDFAIL`` gives nothing back,
``REFUNDLOST`` gives back and loses its answer. Cash and crypto give nothing back at all, and a slip that is out
cannot be called back: money may come to it whatever anybody has said.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from shared.adapters.ledger import Doc, edit, noted, once, refuse_live, refuse_new, stored_answer
from shared.adapters.settings import ConnectorSettings
from shared.domain.errors import OutcomeUnknown, Refused
from shared.domain.method import MethodKind
from shared.domain.money import Money
from shared.domain.operation import Answer, Operation, State
from shared.domain.payment import Payment
from shared.domain.record import dataclass
from shared.ports.methods import Begun, MethodOutcome, MethodState, Receipt

METHOD: Final = "method"
DONE: Final = ("00", "Done")
ONE_WAY: Final = frozenset({MethodKind.CASH.value, MethodKind.CRYPTO.value})  # money comes in, and does not go back
_NOT_SUPPORTED: Final = Answer(State.REFUSED, "refund_not_supported", "This method cannot give money back")


@dataclass(frozen=True, slots=True)
class SandboxMethodProvider:
    """The port ``MethodProvider``. Amounts in the books are minor units; ``calls`` lists what was received."""

    settings: ConnectorSettings

    def begin(self, payment: Payment) -> Begun:
        refuse_new(self.settings, payment)
        behaviour = payment.payer.last_name.upper() if payment.payer else ""

        def act(doc: Doc) -> tuple[Begun, bool]:
            first = "number" not in doc  # a slip that is out stays what it is, closed or not: its cash may still come
            if first and (doc.get("closed") or behaviour == "BEGINFAIL"):
                raise Refused("the provider does not begin this payment", code="method_refused")
            if first:
                doc.update(_begun(payment, behaviour, self.settings.now()))
                noted(doc, "BEGIN", self._at())
            begun = Begun(doc["number"], doc["redirectUrl"], datetime.fromisoformat(doc["expiresAt"]))
            return begun, first and behaviour == "BEGINLOST"

        begun, lost = edit(self.settings.books, METHOD, payment.id, act)
        if lost:
            raise OutcomeUnknown("the sandbox began and lost its answer")
        return begun

    def outcome(self, payment: Payment) -> MethodOutcome:
        refuse_live(payment)
        doc, _ = self.settings.books.load(METHOD, payment.id)
        return outcome_of(doc, self.settings.now())

    def close(self, payment: Payment) -> MethodOutcome:
        refuse_live(payment)

        def act(doc: Doc) -> MethodOutcome:
            if outcome_of(doc, self.settings.now()).state is not MethodState.PAID:
                doc["closed"] = True
            return outcome_of(doc, self.settings.now())

        return edit(self.settings.books, METHOD, payment.id, act)

    def refund(self, payment: Payment, operation: Operation) -> Answer:
        refuse_live(payment)

        def write(doc: Doc) -> tuple[Answer, bool]:
            answer, first = once(doc, operation.key, lambda book: _given_back(book, operation.amount))
            if first:
                facts = {"amount": operation.amount.minor, "key": operation.key, "state": answer.state.value}
                noted(doc, operation.kind.value, self._at(), **facts)
            return answer, first and doc.get("behaviour") == "REFUNDLOST"

        answer, lost = edit(self.settings.books, METHOD, payment.id, write)
        if lost:
            raise OutcomeUnknown("the sandbox acted and lost its answer")
        return answer

    def lookup(self, payment: Payment, operation: Operation) -> Answer | None:
        refuse_live(payment)
        doc, _ = self.settings.books.load(METHOD, payment.id)
        return stored_answer(doc, operation.key)

    def _at(self) -> str:
        return self.settings.now().isoformat()


def outcome_of(doc: Doc, now: datetime) -> MethodOutcome:
    """What the books say of a payment; one that was never begun is OPEN, or EXPIRED once it was closed."""
    received = tuple(Receipt(number, Money(minor, doc["currency"])) for number, minor in doc.get("receipts", []))
    closed = bool(doc.get("closed")) and doc.get("kind") != MethodKind.CASH
    return MethodOutcome(
        state := _state(doc, now),
        *_WORDS.get(state, ("", "")),
        reference=received[-1].number if received else None,
        received=received,
        closed=closed,
    )


_WORDS: Final = {
    MethodState.PAID: DONE,
    MethodState.REJECTED: ("05", "The customer's bank said no"),
    MethodState.FAILED: ("96", "The provider failed"),
    MethodState.EXPIRED: ("54", "The time to pay is over"),
}


def _state(doc: Doc, now: datetime) -> MethodState:
    if "number" not in doc:
        return MethodState.EXPIRED if doc.get("closed") else MethodState.OPEN
    if paid_in(doc) >= doc["amount"]:
        return MethodState.PAID
    if "state" in doc:
        return MethodState(doc["state"])
    over = doc.get("closed") or now >= datetime.fromisoformat(doc["expiresAt"])
    return MethodState.EXPIRED if over else MethodState.PENDING


def paid_in(doc: Doc) -> int:
    return sum(minor for _, minor in doc.get("receipts", []))


def _begun(payment: Payment, behaviour: str, now: datetime) -> Doc:
    choice = payment.method_choice
    if choice is None:
        raise Refused("no method was chosen", code="method_refused")
    number = f"{int.from_bytes(payment.id.encode()[-8:], 'big') % 10**12:012d}"
    online = choice.kind is MethodKind.ONLINE
    return {
        "paymentId": payment.id,
        "merchantId": payment.merchant_id,
        "environment": payment.environment.value,
        "method": payment.method,
        "kind": choice.kind.value,
        "amount": payment.due.minor,
        "currency": payment.due.currency,
        "number": number,
        "redirectUrl": f"{payment.pages_origin}/pay/method/?id={payment.id}" if online else None,
        "expiresAt": (now + timedelta(seconds=choice.seconds)).isoformat(),
        "behaviour": behaviour,
        "receipts": [],
        "refunded": 0,
        "calls": [],
    }


def _given_back(doc: Doc, amount: Money) -> Answer:
    if "number" not in doc or amount.currency != doc["currency"]:
        return Answer(State.REFUSED, "14", "There is no such money here")
    if doc["kind"] in ONE_WAY:
        return _NOT_SUPPORTED
    if doc["behaviour"] == "REFUNDFAIL":
        return Answer(State.REFUSED, "refund_refused", "The refund was refused by the provider")
    if doc["refunded"] + amount.minor > paid_in(doc):
        return Answer(State.REFUSED, "61", "More than came")
    doc["refunded"] += amount.minor
    return Answer(State.SUCCEEDED, *DONE, f"SBM_{doc['number']}_{len(doc['calls']) + 1}")
