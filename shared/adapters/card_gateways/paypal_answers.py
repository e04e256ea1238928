"""What PayPal's orders, authorisations, captures and refunds mean as outcomes and answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from shared.adapters.card_gateways import paypal_codes as codes
from shared.adapters.card_gateways.paypal_wire import Said, from_paypal
from shared.adapters.reading import part, parts, word
from shared.domain.authentication import Proof, Protection
from shared.domain.errors import OutcomeUnknown
from shared.domain.money import Money
from shared.domain.operation import Answer, State
from shared.ports.connectors import PageOutcome, PageState

# EXPIRED is none of the statuses that PayPal describes; it could only be that of a hold that was placed.
_HELD: Final = frozenset({"CREATED", "CAPTURED", "PARTIALLY_CAPTURED", "VOIDED", "EXPIRED"})
_TAKEN: Final = frozenset({"COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"})
_NOT: Final = frozenset({"DENIED", "DECLINED", "FAILED", "CANCELLED"})
_WORD: Final = re.compile(r"[A-Z_]{1,40}")
_MOST_KINDS: Final = 8
_UNKNOWN: Final = "PayPal does not say what became of it"


def payments(order: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [one for unit in parts(order, "purchase_units") for one in parts(part(unit, "payments"), kind)]


def authorised(order: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return next(iter(payments(order, "authorizations")), None)


def taken(order: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return next(iter(payments(order, "captures")), None)


def unit_amount(order: Mapping[str, Any]) -> Money | None:
    return next((from_paypal(unit) for unit in parts(order, "purchase_units")), None)


def outcome(number: int, made: Mapping[str, Any]) -> PageOutcome:
    """Of an order whose money was asked for."""
    status = word(made, "status")
    if status in _HELD | _TAKEN:
        return PageOutcome(
            PageState.APPROVED,
            number,
            codes.DONE,
            reference=word(made, "id"),
            proof=_proof(made),
            amount=from_paypal(made),
            closed=True,
        )
    if status == "PENDING":
        return PageOutcome(PageState.PENDING, number, status)
    if status not in _NOT:
        raise OutcomeUnknown(_UNKNOWN)
    reason = codes.reason(status)
    return PageOutcome(PageState.DECLINED, number, status, closed=True, reason=reason)


def placed(made: Mapping[str, Any]) -> Answer:
    """Of a hold or sale. What PayPal is still looking into is not known yet, and goes on nowhere."""
    status, reference = word(made, "status"), word(made, "id")
    if status in _HELD | _TAKEN:
        return Answer(State.SUCCEEDED, codes.DONE, reference=reference, proof=_proof(made))
    if status == "PENDING":
        raise OutcomeUnknown("PayPal does not know yet what comes of the order")
    if status not in _NOT:
        raise OutcomeUnknown(_UNKNOWN)
    return Answer(State.REFUSED, status, "Declined", reference, reason=codes.reason(status))


def booked(made: Mapping[str, Any]) -> Answer:
    """Of a capture of a hold, or of a refund; PENDING is accepted, and settled later."""
    status, reference = word(made, "status"), word(made, "id")
    if status in _TAKEN or status == "PENDING":
        final = status != "PENDING"
        return Answer(State.SUCCEEDED, codes.DONE, reference=reference, final=final, proof=_proof(made))
    if status in _NOT:
        return Answer(State.REFUSED, status, "It was not booked", reference)
    raise OutcomeUnknown(_UNKNOWN)


def _proof(made: Mapping[str, Any]) -> Proof | None:
    """An account has no card's bank to ask: what there is instead is PayPal's protection of the seller."""
    said = part(made, "seller_protection")
    status, kinds = word(said, "status"), said.get("dispute_categories")
    covered = [kind for kind in kinds if isinstance(kind, str)] if isinstance(kinds, list) else []
    if not _WORD.fullmatch(status):
        return None
    return Proof(
        protection=Protection(status, tuple(kind for kind in covered if _WORD.fullmatch(kind))[:_MOST_KINDS])
    )


def refused(said: Said, reference: str | None = None) -> Answer:
    """Raises OutcomeUnknown where PayPal says that it is still at it."""
    if said.issue in codes.UNDER_WAY:
        raise OutcomeUnknown("PayPal is still completing the order")
    return Answer(State.REFUSED, said.issue, said.message, reference, reason=codes.reason(said.issue))
