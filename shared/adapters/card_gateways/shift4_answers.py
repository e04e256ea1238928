"""What Shift4's charges, refunds and tokens mean as outcomes and answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any, Final

from shared.adapters.card_gateways import shift4_codes as codes
from shared.adapters.card_gateways.json_api import Said
from shared.adapters.reading import minor_amount, part, word
from shared.domain.authentication import Proof, ThreeDs, proof_of
from shared.domain.card import Card
from shared.domain.errors import InvalidRequest, OutcomeUnknown
from shared.domain.money import Money
from shared.domain.operation import Answer, Operation, State
from shared.ports.connectors import PageOutcome, PageState

_UNKNOWN: Final = "Shift4 does not say what became of the charge"


def outcome(number: int, charge: Mapping[str, Any], *, saves: bool, payer: str | None) -> PageOutcome:
    """Of a page whose token was charged."""
    status = word(charge, "status")
    if status == "pending":
        return PageOutcome(PageState.PENDING, number, status)
    if status == "failed":
        code = word(charge, "failureCode") or status
        message = word(charge, "failureMessage")
        return PageOutcome(PageState.DECLINED, number, code, message, closed=True, reason=codes.reason(code))
    if status != "successful":
        raise OutcomeUnknown(_UNKNOWN)
    card = part(charge, "card")
    mark = word(card, "fingerprint")
    return PageOutcome(
        PageState.APPROVED,
        number,
        codes.DONE,
        reference=word(charge, "id") or None,
        card=card_of(card),
        token=_token(charge) if saves else None,
        fingerprint=sha256(f"shift4:{mark}".encode()).hexdigest() if mark else None,
        proof=_proof(charge),
        amount=amount_of(charge),
        closed=True,
        payer=payer,
    )


def charged(charge: Mapping[str, Any]) -> Answer:
    """Of a hold or sale. What Shift4 does not know yet goes on nowhere."""
    status, reference = word(charge, "status"), word(charge, "id")
    if status == "successful":
        return Answer(State.SUCCEEDED, codes.DONE, reference=reference, proof=_proof(charge))
    if status != "failed":
        raise OutcomeUnknown(_UNKNOWN)
    code, message = word(charge, "failureCode") or status, word(charge, "failureMessage")
    return Answer(State.REFUSED, code, message, reference, reason=codes.reason(code))


def captured(charge: Mapping[str, Any], amount: Money) -> Answer:
    """Of a charge that is captured, which is all of it."""
    if amount_of(charge) != amount:
        raise OutcomeUnknown("Shift4 has captured another amount than was held")
    return Answer(State.SUCCEEDED, codes.DONE, reference=word(charge, "id"))


def released(charge: str, operation: Operation) -> Answer:
    """Of a hold that is gone."""
    code = codes.DONE if operation.sent_before else "already_released"
    return Answer(State.SUCCEEDED, code, reference=charge)


def refunded(refund: Mapping[str, Any]) -> Answer:
    status, reference = word(refund, "status"), word(refund, "id")
    if status == "failed":
        return Answer(State.REFUSED, status, "The refund failed", reference)
    if status not in ("successful", "pending"):
        raise OutcomeUnknown("Shift4 does not say what became of the refund")
    return Answer(State.SUCCEEDED, codes.DONE, reference=reference, final=status == "successful")


def refused(said: Said, reference: str | None = None) -> Answer:
    return Answer(State.REFUSED, said.code, said.message, reference, reason=codes.reason(said.code))


def amount_of(charge: Mapping[str, Any]) -> Money:
    try:
        return minor_amount(charge.get("amount"), word(charge, "currency").upper())
    except InvalidRequest as error:
        raise OutcomeUnknown("Shift4 does not say how much it is") from error


def card_of(card: Mapping[str, Any]) -> Card:
    """Of a charge's card or a token: both show the same of it."""
    brand = word(card, "brand").upper()
    month, year = str(card.get("expMonth", "")), str(card.get("expYear", ""))
    expiry = f"{month.zfill(2)}/{year[-2:]}" if month and year else ""
    return Card(codes.BRANDS.get(brand, brand), word(card, "last4"), expiry, word(card, "cardholderName"))


def kept_card(card: Card) -> str:
    """As it stands in a page's handle until it is charged."""
    return json.dumps(asdict(card))


def read_card(kept: str) -> Card | None:
    return Card(**json.loads(kept)) if kept else None


def _token(charge: Mapping[str, Any]) -> str | None:
    """What charges the card again: the customer that it was saved with, and its name there."""
    customer, card = word(charge, "customerId"), word(part(charge, "card"), "id")
    return json.dumps({"customer": customer, "card": card}) if customer and card else None


def _proof(charge: Mapping[str, Any]) -> Proof | None:
    network, said = word(part(charge, "external"), "schemeTransactionId"), part(charge, "threeDSecureInfo")
    shift, enrolled = word(said, "liabilityShift"), said.get("enrolled")
    if not said:
        return proof_of(network, None)
    return proof_of(
        network,
        ThreeDs(
            enrolled=enrolled if isinstance(enrolled, bool) else None,
            authenticated=shift == "successful" if shift else None,
            liability_shift=shift == "successful" if shift else None,
            status=shift,
        ),
    )
