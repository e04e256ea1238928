"""The acquirer's books: one account's sessions, payment intents, refunds and cards. Amounts as Stripe counts them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

# Cards of its page, by number: code and decline_code. Any other is approved.
DECLINES: Final = {
    "4000000000000002": ("card_declined", "generic_decline"),
    "4000000000009995": ("card_declined", "insufficient_funds"),
    "4000000000009987": ("card_declined", "lost_card"),
    "4000000000009979": ("card_declined", "stolen_card"),
    "4000000000006975": ("card_declined", "card_velocity_exceeded"),
    "4000000000000069": ("expired_card", ""),
    "4000000000000127": ("incorrect_cvc", ""),
    "4000000000000119": ("processing_error", ""),
}
# Approved while its holder is there; later charges want the holder back.
ASKS_HOLDER: Final = "4000002760003184"
AWAITS_SHOP: Final = ("needs_response", "warning_needs_response")
# What of an answer to a dispute is the number of a file.
FILES: Final = frozenset(
    {"receipt", "customer_communication", "shipping_documentation", "service_documentation", "refund_policy"}
    | {"cancellation_policy", "customer_signature", "duplicate_charge_documentation", "uncategorized_file"}
)
# Its bank asks the holder, who passes.
AUTHENTICATED: Final = frozenset({"4000002500003155"})
CANCELLABLE: Final = frozenset(
    {"requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"}
)


class Refused(Exception):
    """The acquirer says no: the status and the ``error`` object of its reply."""

    def __init__(self, status: int, kind: str, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"type": kind, "code": code, "message": message, **more}


def invalid(code: str, message: str, **more: Any) -> Refused:
    return Refused(400, "invalid_request_error", code, message, **more)


def missing(name: str) -> Refused:
    return Refused(404, "invalid_request_error", "resource_missing", f"No such object: '{name}'")


@dataclass(slots=True)
class Card:
    """A payment method of a card; ``customer`` is empty once it is detached."""

    id: str
    number: str = field(repr=False)
    customer: str = ""
    holder: str = "Ada Rossi"

    def shown(self) -> dict[str, Any]:
        brand = "visa" if self.number.startswith("4") else "mastercard"
        return {"brand": brand, "last4": self.number[-4:], "exp_month": 12, "exp_year": 2030, "fingerprint": "Xt5EWL"}


@dataclass(slots=True)
class Intent:
    id: str
    amount: int
    currency: str
    manual: bool
    created: int
    metadata: dict[str, str]
    status: str = "requires_payment_method"
    received: int = 0
    refunded: int = 0
    charge: str = ""
    card: Card | None = None
    customer: str = ""
    off_session: bool = False
    error: dict[str, Any] | None = None
    cancelled_because: str = ""
    return_url: str = ""  # where its holder's bank leads them back to
    kind: str = ""  # the method that is no card
    ends: int = 0

    @property
    def held(self) -> int:
        return self.amount if self.status == "requires_capture" else 0


@dataclass(slots=True)
class Session:
    id: str
    given: dict[str, str]
    amount: int
    currency: str
    created: int
    expires_at: int
    metadata: dict[str, str]
    status: str = "open"
    intent: Intent | None = None


@dataclass(slots=True)
class Refund:
    id: str
    intent: Intent
    amount: int
    metadata: dict[str, str]
    status: str
    created: int


@dataclass(slots=True)
class Dispute:
    id: str
    intent: Intent
    reason: str
    created: int
    status: str = "needs_response"
    evidence: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    submissions: int = 0
    said: list[str] = field(default_factory=list)  # metadata.answer of each
    closed: int = 0  # how often the shop gave it up


@dataclass(slots=True)
class File:
    id: str
    name: str
    content: bytes


@dataclass(slots=True)
class Account:
    """One shop. ``refunds_wait``: a refund is only accepted at first, until ``settle`` says what came of it."""

    id: str = "acct_1Own"
    key: str = field(default="sk_test_own_key", repr=False)
    webhook_secret: str = field(default="whsec_own_secret_of_it", repr=False)
    now: Callable[[], datetime] | None = None
    refunds_wait: bool = False
    raw_cards: bool = True  # it may send card numbers
    sessions: dict[str, Session] = field(default_factory=dict)
    intents: dict[str, Intent] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    disputes: dict[str, Dispute] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    answered: dict[str, tuple[object, int, Any]] = field(default_factory=dict)  # by Idempotency-Key
    numbers: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def number(self, prefix: str) -> str:
        self.numbers += 1
        return f"{prefix}_{self.id.removeprefix('acct_')}x{self.numbers:06d}"

    def find(self, kind: dict[str, Any], name: str) -> Any:
        if name not in kind:
            raise missing(name)
        return kind[name]

    # ---- what customers do on the page ----

    def entered(self, session_id: str, number: str) -> bool:
        """A card is typed. False when the page takes none any more; a declined one leaves it open."""
        session: Session = self.find(self.sessions, session_id)
        if session.status != "open":
            return False
        intent = self._intent_of(session)
        if number in DECLINES:
            code, why = DECLINES[number]
            intent.error = {
                "type": "card_error",
                "code": code,
                "decline_code": why,
                "message": "Your card was declined.",
            }
            return True
        self.paid_with(intent, self._card(number, session))
        session.status = "complete"
        return True

    def hesitated(self, session_id: str) -> None:
        session: Session = self.find(self.sessions, session_id)
        self._intent_of(session).status, session.status = "processing", "complete"

    def decided(self, session_id: str, *, approves: bool) -> None:
        session: Session = self.find(self.sessions, session_id)
        intent = self._intent_of(session)
        if approves:
            self.paid_with(intent, self._card("4242424242424242", session))
            return
        intent.status = "requires_payment_method"
        intent.error = {
            "type": "card_error",
            "code": "card_declined",
            "decline_code": "generic_decline",
            "message": "No.",
        }

    def let_go(self, intent: Intent) -> None:
        """The hold ends at the bank, as holds do after some days."""
        intent.status, intent.cancelled_because = "canceled", "automatic"

    def _intent_of(self, session: Session) -> Intent:
        if session.intent is None:
            given, prefix = session.given, "payment_intent_data[metadata]["
            metadata = {n.removeprefix(prefix)[:-1]: v for n, v in given.items() if n.startswith(prefix)}
            manual = given.get("payment_intent_data[capture_method]") == "manual"
            session.intent = self.opened(session.amount, session.currency, manual, metadata)
            session.intent.off_session = given.get("payment_intent_data[setup_future_usage]") == "off_session"
        return session.intent

    def _card(self, number: str, session: Session) -> Card:
        card = Card(self.number("pm"), number)
        if session.given.get("customer_creation") == "always":
            card.customer = self.number("cus")
        self.cards[card.id] = card
        return card

    def paid_with(self, intent: Intent, card: Card) -> None:
        intent.card, intent.customer, intent.error = card, card.customer, None
        intent.charge = self.number("ch")
        if intent.manual:
            intent.status = "requires_capture"
        else:
            intent.status, intent.received = "succeeded", intent.amount

    # ---- what the shop asks for ----

    def opened(self, amount: int, currency: str, manual: bool, metadata: dict[str, str]) -> Intent:
        intent = Intent(self.number("pi"), amount, currency, manual, self.seconds(), metadata)
        self.intents[intent.id] = intent
        return intent

    def capture(self, intent: Intent, amount: int, metadata: dict[str, str]) -> None:
        if intent.status != "requires_capture":
            raise self.unexpected(intent, "captured")
        if not 0 < amount <= intent.amount:
            raise invalid("amount_too_large", "The amount is greater than what can be captured.")
        intent.status, intent.received = "succeeded", amount
        intent.metadata |= metadata

    def cancel(self, intent: Intent, because: str) -> None:
        if intent.status not in CANCELLABLE:
            raise self.unexpected(intent, "canceled")
        intent.status, intent.cancelled_because = "canceled", because or "requested_by_customer"

    def refund(self, intent: Intent, amount: int, metadata: dict[str, str]) -> Refund:
        if intent.status == "requires_capture":
            raise invalid("payment_intent_unexpected_state", "This PaymentIntent has no successful charge to refund.")
        if amount <= 0 or intent.refunded + amount > intent.received:
            full = intent.received and intent.refunded == intent.received
            raise invalid(
                "charge_already_refunded" if full else "amount_too_large", "Greater than the unrefunded amount."
            )
        intent.refunded += amount
        status = "pending" if self.refunds_wait else "succeeded"
        refund = Refund(self.number("re"), intent, amount, metadata, status, self.seconds())
        self.refunds[refund.id] = refund
        return refund

    def settle(self, refund: Refund, *, stands: bool) -> None:
        refund.status = "succeeded" if stands else "failed"
        refund.intent.refunded -= 0 if stands else refund.amount

    def charge(self, intent: Intent, card: Card, customer: str) -> None:
        """A kept card is charged without its holder. Raises Refused; the intent stays on record all the same."""
        if not card.customer or card.customer != customer:
            raise invalid("", "The provided PaymentMethod was detached from its Customer and may not be used again.")
        code, why = DECLINES.get(card.number, ("", ""))
        if card.number == ASKS_HOLDER:
            code = why = "authentication_required"
        if code:
            intent.error = {"type": "card_error", "code": code, "decline_code": why, "message": "Declined."}
            raise Refused(402, "card_error", code, "Declined.", decline_code=why)
        self.paid_with(intent, card)

    def answered_with(
        self, dispute: Dispute, evidence: dict[str, str], metadata: dict[str, str], submit: bool
    ) -> None:
        """The shop's answer to a dispute; what is submitted goes to the bank, once each time it asks."""
        if dispute.status not in AWAITS_SHOP:
            raise invalid("", "This dispute is not awaiting a response.")
        for name, value in evidence.items():
            if name in FILES and value not in self.files:
                raise missing(value)
        dispute.evidence |= evidence
        dispute.metadata |= metadata
        if submit:
            dispute.submissions += 1
            dispute.said.append(metadata.get("answer", ""))
            dispute.status = "under_review"

    def give_up(self, dispute: Dispute) -> None:
        if dispute.status not in AWAITS_SHOP:
            raise invalid("", "This dispute is already closed.")
        dispute.closed += 1
        dispute.status = "lost"

    def dispute(self, intent: Intent, reason: str = "fraudulent") -> Dispute:
        dispute = Dispute(self.number("dp"), intent, reason, self.seconds())
        self.disputes[dispute.id] = dispute
        return dispute

    def seconds(self) -> int:
        return int((self.now() if self.now else datetime.now().astimezone()).timestamp())

    def unexpected(self, intent: Intent, wanted: str) -> Refused:
        told = f"This PaymentIntent could not be {wanted} because it has a status of {intent.status}."
        return invalid("payment_intent_unexpected_state", told, payment_intent=intent)
