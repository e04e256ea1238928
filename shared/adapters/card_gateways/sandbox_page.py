"""The sandbox's card page, seen from the customer: submit a test card, pass a challenge, cancel."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from shared.adapters.card_gateways.sandbox_books import PAGE, entered, judge, outcome_of, settle
from shared.adapters.card_gateways.sandbox_cards import CHALLENGE_OTP, MOST_CODES, WRONG_CODE, shown, taken
from shared.adapters.ledger import Doc, edit, noted
from shared.domain.errors import IllegalTransition, NotFound, TooManyTries
from shared.domain.ids import PaymentId
from shared.domain.payment import MAX_CARD_TRIES
from shared.domain.record import dataclass
from shared.domain.visitor import Visitor
from shared.ports.books import Books
from shared.ports.connectors import PageOutcome, PageState
from shared.ports.world import Clock

if TYPE_CHECKING:
    from shared.domain.card_data import CardData
    from shared.domain.consent import Consent


@dataclass(frozen=True, slots=True)
class SandboxCardPage:
    """``submit`` and ``challenge`` return the page's outcome, or None while a challenge is asked for."""

    books: Books
    now: Clock

    def book(self, page_id: str) -> Doc:
        """The page's document: amounts in minor units, and every call received in order. Raises NotFound."""
        doc, _ = self.books.load(PAGE, page_id)
        if not doc:
            raise NotFound("there is no such payment page")
        return doc

    def submit(
        self, page_id: str, card: CardData, visitor: Visitor | None = None, consent: Consent | None = None
    ) -> PageOutcome | None:
        """Try a test card, with what was said about saving it.

        Raises InvalidRequest for any other card, IllegalTransition on a closed page,
        TooManyTries after the tenth card that was judged. An approved page answers with what it came to: compare
        ``payer`` before telling a visitor more of it.
        """
        now = self.now()
        known = taken(card, now)
        secret = self._secret()

        def act(doc: Doc) -> PageOutcome | None:
            done = _open(doc, page_id, now)
            if done is not None:
                return done
            entered(doc, known, shown(card, known), consent)
            doc["visitor"], doc["codes"] = _name(doc, visitor), 0
            if doc["tokenize"]:
                doc["fingerprint"] = _fingerprint(card.number, doc["merchantId"], secret)
            return None if doc["challenged"] else _judged(doc, page_id, now, visitor)

        return edit(self.books, PAGE, page_id, act)

    def challenge(self, page_id: str, otp: str, visitor: Visitor | None = None) -> PageOutcome:
        """Answer the 3-D Secure challenge: 123456 passes, and the third wrong code declines the card.

        Before that the outcome is OPEN with ``tries_left``. Only the visitor who entered the card may: a page can
        have several.
        """

        def act(doc: Doc) -> PageOutcome:
            done = _open(doc, page_id, self.now())
            if done is not None:
                return done
            if not doc.get("challenged") or doc.get("visitor", "") != _name(doc, visitor):
                raise IllegalTransition("no challenge was asked for")
            if otp != CHALLENGE_OTP:
                doc["codes"] = doc.get("codes", 0) + 1
                if doc["codes"] < MOST_CODES:
                    return replace(outcome_of(doc), state=PageState.OPEN, tries_left=MOST_CODES - doc["codes"])
                doc["refusal"] = list(WRONG_CODE)
            return _judged(doc, page_id, self.now(), visitor)

        return edit(self.books, PAGE, page_id, act)

    def cancel(self, page_id: str) -> PageOutcome:
        """The customer leaves. A page that was paid already stays paid, and one the bank is at work on undecided."""

        def act(doc: Doc) -> PageOutcome:
            if not doc:
                raise NotFound("there is no such payment page")
            settle(doc, page_id, self.now())
            if doc["state"] not in (PageState.APPROVED, PageState.PENDING) and not doc.get("closed"):
                doc["state"] = PageState.CANCELLED.value
                doc["closed"] = True
                noted(doc, "CANCEL", self.now().isoformat())
            return outcome_of(doc)

        return edit(self.books, PAGE, page_id, act)

    def _secret(self) -> bytes:
        """The sandbox's own key for fingerprints, made when it is first wanted."""

        def act(doc: Doc) -> bytes:
            doc.setdefault("key", secrets.token_hex(32))
            return bytes.fromhex(doc["key"])

        return edit(self.books, "secret", "fingerprints", act)


def _judged(doc: Doc, page_id: str, now: datetime, visitor: Visitor | None) -> PageOutcome:
    if visitor is not None:
        doc["payer"] = visitor.mark(PaymentId(doc["paymentId"]))
    judge(doc, page_id, now)
    return outcome_of(doc)


def _fingerprint(number: str, merchant_id: str, secret: bytes) -> str:
    """Says that two cards have one number, to one merchant, and nothing to whoever lacks the key."""
    return hmac.new(secret, f"{merchant_id}|{number}".encode(), "sha256").hexdigest()


def _open(doc: Doc, page_id: str, now: datetime) -> PageOutcome | None:
    """None while the page takes cards; the outcome of one that has its card (a double click is harmless)."""
    if not doc:
        raise NotFound("there is no such payment page")
    if doc.get("presented"):
        raise IllegalTransition("only the card that was presented pays here", code="card_presented")
    settle(doc, page_id, now)
    if doc["state"] in (PageState.APPROVED, PageState.AGREED, PageState.PENDING):
        return outcome_of(doc)
    if doc.get("closed"):
        raise IllegalTransition("this payment page is closed")
    # In the one write that judges a card: of many at once, each of which saw fewer tries, ten are judged.
    if doc["number"] >= MAX_CARD_TRIES:
        raise TooManyTries("too many cards were tried on this payment")
    return None


def _name(doc: Doc, visitor: Visitor | None) -> str:
    """What the page knows a visitor by between a card and its challenge; nothing, for one without a token."""
    return visitor.mark(PaymentId(doc["paymentId"])) if visitor is not None and visitor.named else ""
