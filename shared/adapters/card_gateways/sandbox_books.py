"""What the sandbox writes down of a card page, and what it says of it. Amounts in the books are minor units.

A page's document never holds a card's number or security code, only what may be shown of it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from shared.adapters.dynamodb.codec import to_plain
from shared.adapters.ledger import Doc, noted, stored_answer
from shared.domain.card import Card
from shared.domain.consent import Consent
from shared.domain.decline import Decline
from shared.domain.errors import NotFound
from shared.domain.money import Money
from shared.domain.operation import Answer, State
from shared.domain.payment import Payment
from shared.ports.connectors import PageOutcome, PageState

if TYPE_CHECKING:
    from shared.adapters.card_gateways.sandbox_cards import TestCard

PAGE: Final = "page"
TOKEN: Final = "sbxtok"  # noqa: S105 - how tokens begin
APPROVED: Final = ("00", "Transaction approved")
AGREES: Final = ("agrees", "agrees_refused")
PENDS: Final = ("pending", "pending_refused")
BOOKED_LATER: Final = ("settles_later", "returned_later")
UNDECIDED: Final = timedelta(seconds=20)  # how long a bank that is to be asked again takes


def new_page(payment: Payment, *, sale: bool, tokenize: bool, number: int = 1) -> Doc:
    """A page that nobody has used; ``number`` is that of the first card on it."""
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
        "number": number - 1,
        "authorised": 0,
        "captured": 0,
        "released": 0,
        "voided": 0,
        "refunded": 0,
        "calls": [],
    }


def entered(doc: Doc, known: TestCard, shown: dict[str, str], consent: Consent | None = None) -> None:
    """A card was typed in; nothing was decided about it yet. ``shown`` is all that is kept of it."""
    doc["card"] = shown
    doc["consent"] = consent and {**asdict(consent), "at": consent.at.isoformat()}
    doc["behaviour"] = known.behaviour
    doc["refusal"] = known.refusal and [known.refusal[0], known.refusal[1].value]
    doc["challenged"] = known.otp


def judge(doc: Doc, page_id: str, at: datetime) -> None:
    """What the card comes to once nothing more is asked of its holder."""
    doc["number"] += 1
    doc["challenged"] = False
    if doc["refusal"]:
        refuse(doc, at)
    elif doc["behaviour"] in AGREES:
        agree(doc)
    elif doc["behaviour"] in PENDS:
        doc["state"] = PageState.PENDING.value
        doc["settlesAt"] = (at + UNDECIDED).isoformat()
    else:
        approve(doc, page_id, more=int(doc["behaviour"] == "other_amount"))
        _noted(doc, at, "SUCCEEDED")


def agree(doc: Doc) -> None:
    """Its holder has agreed, and no money is held or taken until we say so."""
    doc["state"] = PageState.AGREED.value


def approve(doc: Doc, page_id: str, more: int = 0) -> None:
    """``more`` than was asked for is an acquirer's mistake."""
    doc["state"] = PageState.APPROVED.value
    doc["code"], doc["message"] = APPROVED
    doc["reference"] = f"SBX_{doc['paymentId'][-12:]}_{doc['number']}"
    doc["authCode"] = _auth_code(page_id, doc["number"])
    doc["approved"] = doc["amount"] + more
    doc["captured" if doc["sale"] else "authorised"] = doc["approved"]
    if doc["tokenize"] and (doc.get("consent") or {"given": True})["given"]:
        doc["token"] = f"{TOKEN}_{page_id}_{secrets.token_hex(12)}"


def refuse(doc: Doc, at: datetime) -> None:
    code, word = doc["refusal"]
    doc["state"] = PageState.DECLINED.value
    doc["code"], doc["message"], doc["reason"] = code, Decline(word).text, word
    _noted(doc, at, "REFUSED", code=code)


def settle(doc: Doc, page_id: str, at: datetime) -> None:
    """What the bank was undecided about is decided by now, whether anybody asks or not."""
    if doc.get("state") != PageState.PENDING or at < datetime.fromisoformat(doc["settlesAt"]):
        return
    if doc["behaviour"] == "pending_refused":
        doc["refusal"] = ["05", Decline.CARD_DECLINED.value]
        refuse(doc, at)
    else:
        approve(doc, page_id)
        _noted(doc, at, "SUCCEEDED")


def accepted(doc: Doc, reference: str, at: datetime) -> Answer:
    """A charge is taken: for good, or by a bank that books it later and can return it."""
    if doc["behaviour"] not in BOOKED_LATER:
        return Answer(State.SUCCEEDED, *APPROVED, reference)
    doc["bookedAt"] = (at + UNDECIDED).isoformat()
    return Answer(State.SUCCEEDED, *APPROVED, reference, final=False)


def is_booked(doc: Doc, answer: Answer | None, at: datetime) -> bool:
    """Whether there is a last word by now about what was only accepted."""
    return answer is not None and not answer.final and at >= datetime.fromisoformat(doc["bookedAt"])


def book(doc: Doc, key: str, at: datetime) -> Answer:
    """The last word about the charge with ``key``, from now on the answer to every question about it."""
    answer = stored_answer(doc, key)
    assert answer is not None
    if doc["behaviour"] == "returned_later":
        answer = Answer(State.REFUSED, "R01", "Returned by the bank", answer.reference)
        noted(doc, "RETURN", at.isoformat(), amount=doc["captured"], key=key)
        doc["captured"] = 0
    answer = replace(answer, final=True)
    doc["answers"] = {**doc["answers"], key: to_plain(answer)}
    return answer


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
        amount=Money(doc["approved"] if "approved" in doc else doc["amount"], doc["currency"]),
        card=Card(**card) if card else None,
        token=doc.get("token"),
        fingerprint=doc.get("fingerprint"),
        closed=bool(doc.get("closed")) and doc["state"] != PageState.PENDING,
        payer=doc.get("payer"),
        consent=_consent(doc),
        reason=Decline(doc["reason"]) if "reason" in doc and doc["state"] == PageState.DECLINED else None,
    )


def page_of(token: str) -> str:
    """The page on which the card was entered: a token leads back to it."""
    return token.partition("_")[2].rpartition("_")[0] or "none"


def token_of(doc: Doc) -> tuple[object, object, object]:
    """Whose token it is, in which environment, and the token; it is gone once it was deleted."""
    return doc.get("merchantId"), doc.get("environment"), doc.get("token")


def _noted(doc: Doc, at: datetime, state: str, **facts: object) -> None:
    operation = "SALE" if doc["sale"] else "PREAUTH"
    noted(doc, operation, at.isoformat(), amount=doc.get("approved", doc["amount"]), state=state, **facts)


def _auth_code(page_id: str, number: int) -> str:
    """Six digits, as an issuer's are; the same for the same try."""
    digest = hashlib.sha256(f"{page_id}|{number}".encode()).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def _consent(doc: Doc) -> Consent | None:
    said = doc.get("consent")
    return (
        None
        if said is None
        else Consent(said["given"], said["text"], said["language"], datetime.fromisoformat(said["at"]))
    )
