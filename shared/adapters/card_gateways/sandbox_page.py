"""The sandbox's card page, seen from the customer: submit a test card, pass a challenge, cancel."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from shared.adapters.card_gateways.sandbox import APPROVED, PAGE, new_token, outcome_of
from shared.adapters.ledger import Doc, edit, noted
from shared.domain.card_data import CardData
from shared.domain.consent import Consent
from shared.domain.decline import Decline
from shared.domain.errors import IllegalTransition, InvalidRequest, NotFound, TooManyTries
from shared.domain.ids import PaymentId
from shared.domain.payment import MAX_CARD_TRIES
from shared.domain.visitor import Visitor
from shared.ports.books import Books
from shared.ports.connectors import PageOutcome, PageState
from shared.ports.world import Clock

CHALLENGE_OTP: Final = "123456"
_DECLINED: Final = {
    "4000000000000002": ("05", Decline.CARD_DECLINED),
    "4000000000009995": ("51", Decline.INSUFFICIENT_FUNDS),
    "4000000000000069": ("54", Decline.CARD_EXPIRED),
    "4000000000000010": ("14", Decline.INVALID_CARD),
    "4000000000000028": ("61", Decline.LIMIT_EXCEEDED),
    "4000000000000036": ("57", Decline.CARD_NOT_SUPPORTED),
    "4000000000000051": ("65", Decline.AUTHENTICATION_REQUIRED),
    "4000000000000044": ("91", Decline.TRY_AGAIN_LATER),
    "4000000000000085": ("20002", Decline.SESSION_EXPIRED),
}
# What a test card does: approved at once, after a challenge, or approved with a later twist.
_BEHAVIOUR: Final = {
    "4242424242424242": "",
    "5555555555554444": "",
    "378282246310005": "",
    "4000002500003155": "challenge",
    "4000000000000341": "capture_fails",
    "4000000000000259": "disputed",
    "4000000000005126": "refund_fails",
    "4000000000000119": "answer_lost",
    "4000000000000077": "rest_held",
    **dict.fromkeys(_DECLINED, "declined"),
}


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
        behaviour = _checked(card, self.now())
        secret = self._secret()

        def act(doc: Doc) -> PageOutcome | None:
            if _open(doc) is not None:
                return _open(doc)
            doc["card"] = _shown(card)
            doc["visitor"] = _name(doc, visitor)
            doc["consent"] = consent and {**asdict(consent), "at": consent.at.isoformat()}
            if doc["tokenize"]:
                doc["fingerprint"] = _fingerprint(card.number, doc["merchantId"], secret)
            doc["behaviour"] = behaviour
            if behaviour == "challenge":
                doc["challenged"] = True
                return None
            doc["challenged"] = False
            if behaviour == "declined":
                return self._decline(doc, *_DECLINED[card.number])
            return self._approve(page_id, doc, visitor)

        return edit(self.books, PAGE, page_id, act)

    def challenge(self, page_id: str, otp: str, visitor: Visitor | None = None) -> PageOutcome:
        """Answer the 3-D Secure challenge: 123456 passes, anything else declines the card.

        Only the visitor who entered the card may: a page can have several.
        """

        def act(doc: Doc) -> PageOutcome:
            done = _open(doc)
            if done is not None:
                return done
            if not doc.get("challenged") or doc.get("visitor", "") != _name(doc, visitor):
                raise IllegalTransition("no challenge was asked for")
            doc["challenged"] = False
            if otp != CHALLENGE_OTP:
                return self._decline(doc, "1921", Decline.AUTHENTICATION_FAILED)
            return self._approve(page_id, doc, visitor)

        return edit(self.books, PAGE, page_id, act)

    def cancel(self, page_id: str) -> PageOutcome:
        """The customer leaves. A page that was paid already stays paid."""

        def act(doc: Doc) -> PageOutcome:
            if not doc:
                raise NotFound("there is no such payment page")
            if doc["state"] != PageState.APPROVED and not doc.get("closed"):
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

    def _approve(self, page_id: str, doc: Doc, visitor: Visitor | None) -> PageOutcome:
        operation = "SALE" if doc["sale"] else "PREAUTH"
        doc["number"] += 1
        doc["state"] = PageState.APPROVED.value
        doc["code"], doc["message"] = APPROVED
        doc["reference"] = f"SBX_{doc['paymentId'][-12:]}_{doc['number']}"
        doc["authCode"] = _auth_code(page_id, doc["number"])
        doc["captured" if doc["sale"] else "authorised"] = doc["amount"]
        if visitor is not None:
            doc["payer"] = visitor.mark(PaymentId(doc["paymentId"]))
        if doc["tokenize"] and (doc.get("consent") or {"given": True})["given"]:
            doc["token"] = new_token(page_id, secrets.token_hex(12))
        noted(doc, operation, self.now().isoformat(), amount=doc["amount"], state="SUCCEEDED")
        return outcome_of(doc)

    def _decline(self, doc: Doc, code: str, reason: Decline) -> PageOutcome:
        doc["number"] += 1
        doc["state"] = PageState.DECLINED.value
        doc["code"], doc["message"], doc["reason"] = code, reason.text, reason.value
        operation = "SALE" if doc["sale"] else "PREAUTH"
        noted(doc, operation, self.now().isoformat(), amount=doc["amount"], state="REFUSED", code=code)
        return outcome_of(doc)


def _fingerprint(number: str, merchant_id: str, secret: bytes) -> str:
    """Says that two cards have one number, to one merchant, and nothing to whoever lacks the key."""
    return hmac.new(secret, f"{merchant_id}|{number}".encode(), "sha256").hexdigest()


def _auth_code(page_id: str, number: int) -> str:
    """Six digits, as an issuer's are; the same for the same try."""
    digest = hashlib.sha256(f"{page_id}|{number}".encode()).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def _open(doc: Doc) -> PageOutcome | None:
    """None while the page takes cards; the outcome of one that is paid (a double click is harmless)."""
    if not doc:
        raise NotFound("there is no such payment page")
    if doc["state"] == PageState.APPROVED:
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


def _checked(card: CardData, now: datetime) -> str:
    behaviour = _BEHAVIOUR.get(card.number)
    if behaviour is None:
        raise InvalidRequest("only test cards are taken here, such as 4242 4242 4242 4242", code="not_a_test_card")
    if not 1 <= card.expiry_month <= 12:
        raise InvalidRequest("expiryMonth must be between 1 and 12")
    year = card.expiry_year + 2000 if card.expiry_year < 100 else card.expiry_year
    if (year, card.expiry_month) < (now.year, now.month):
        raise InvalidRequest("the card's expiry date has passed", code="card_expired")
    if not (card.cvv.isascii() and card.cvv.isdigit() and 3 <= len(card.cvv) <= 4):
        raise InvalidRequest("cvv must be 3 or 4 digits")
    return behaviour


def _shown(card: CardData) -> dict[str, object]:
    brand = {"3": "AMEX", "4": "VISA", "5": "MASTERCARD"}[card.number[0]]
    return {
        "brand": brand,
        "last4": card.number[-4:],
        "expiry": f"{card.expiry_month:02d}/{card.expiry_year % 100:02d}",
        "holder_name": card.holder_name,
    }
