"""The sandbox's door for cards that a merchant's server hands over: its holder's bank asks for a code, or nothing."""

from __future__ import annotations

from dataclasses import replace

from shared.adapters.card_gateways.sandbox_books import PAGE, agree, entered, outcome_of, refuse
from shared.adapters.card_gateways.sandbox_cards import CHALLENGE_OTP, MOST_CODES, WRONG_CODE, shown, taken
from shared.adapters.ledger import Doc, edit
from shared.adapters.settings import ConnectorSettings
from shared.domain.card import Card, Challenge
from shared.domain.card_data import CardData
from shared.domain.errors import IllegalTransition, InvalidRequest, NotFound
from shared.ports.connectors import CardStep, PageOutcome, PageState


def present(settings: ConnectorSettings, page_id: str, card: CardData) -> CardStep:
    """The card waits for its holder. Another one may take its place until its holder has answered."""
    known = taken(card, settings.now())
    masked = {**shown(card, known), "first6": card.number[:6]}

    def act(doc: Doc) -> None:
        if not doc:
            raise NotFound("the sandbox does not know this payment")
        if doc["state"] != PageState.OPEN or doc.get("closed") or doc.get("codes"):
            raise IllegalTransition("this payment takes no card any more", code="card_presented")
        entered(doc, known, masked)
        doc["presented"], doc["codes"] = True, 0

    edit(settings.books, PAGE, page_id, act)
    return CardStep(Challenge.OTP if known.otp else Challenge.NONE, Card(**masked))


def authenticate(settings: ConnectorSettings, page_id: str, code: str | None) -> PageOutcome:
    now = settings.now()

    def act(doc: Doc) -> PageOutcome:
        if not doc.get("presented"):
            raise IllegalTransition("no card was presented", code="no_card_presented")
        if doc["state"] != PageState.OPEN or doc.get("closed"):
            return outcome_of(doc)
        if doc["challenged"] and code is None:
            raise InvalidRequest("the bank's code is missing", code="code_required")
        if doc["challenged"] and code != CHALLENGE_OTP:
            doc["codes"] += 1
            if doc["codes"] < MOST_CODES:
                return replace(outcome_of(doc), tries_left=MOST_CODES - doc["codes"])
            doc["refusal"] = list(WRONG_CODE)
        doc["number"] += 1
        doc["challenged"] = False
        if doc["refusal"]:
            refuse(doc, now)
        else:
            agree(doc)
        return outcome_of(doc)

    return edit(settings.books, PAGE, page_id, act)
