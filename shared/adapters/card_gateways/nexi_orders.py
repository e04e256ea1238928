"""Nexi's orders: how one is asked for with its page, and what it and its operations mean as outcomes and answers."""

from __future__ import annotations

from typing import Any, Final

from shared.adapters.card_gateways import nexi_wire as wire
from shared.adapters.card_gateways.json_api import Said
from shared.adapters.card_gateways.nexi_wire import Made, operations
from shared.domain.errors import OutcomeUnknown
from shared.domain.operation import Answer, State
from shared.domain.payment import Payment
from shared.ports.connectors import PageOutcome, PageRequest, PageState

CONTRACT: Final = "contract_id"  # in a page's handle: what charges its card again
_LONGEST_TEXT: Final = 100
_LANGUAGES: Final = {"it": "ita", "en": "eng", "de": "deu", "fr": "fra", "es": "spa", "pt": "por"}


def asked_for(request: PageRequest, name: str, contract: str) -> dict[str, Any]:
    """The order ``name`` with its page; ``contract`` is what its card is to be kept as."""
    payment = request.payment
    order = {"orderId": name, **wire.amount(payment.amount), "customField": payment.id}
    if text := payment.description.strip()[:_LONGEST_TEXT]:
        order["description"] = text
    session: dict[str, Any] = {
        "actionType": "PAY",
        "amount": order["amount"],
        "captureType": "IMPLICIT" if request.sale else "EXPLICIT",
        "language": _LANGUAGES.get(payment.language[:2].lower(), "eng"),
        "resultUrl": request.return_url,
        "cancelUrl": request.cancel_url or request.return_url,
    }
    if request.notify_url:
        session["notificationUrl"] = request.notify_url
    if contract:
        kept = {"contractId": contract, "contractType": "MIT_UNSCHEDULED"}
        session["recurrence"] = {"action": "CONTRACT_CREATION", **kept}
    return {"order": order, "paymentSession": session}


def outcome(payment: Payment, order: Said) -> PageOutcome:
    """What the page of the payment's order came to."""
    number, found = payment.page_number, placed(order)
    if found is not None:
        return PageOutcome(
            PageState.APPROVED,
            number,
            wire.DONE,
            reference=found.id,
            card=found.card,
            token=payment.card_page.handle.get(CONTRACT) if payment.card_page else None,
            auth_code=found.auth_code,
            proof=found.proof,
            amount=found.amount,
            closed=True,
        )
    tries = [one for one in operations(order) if one.kind == "AUTHORIZATION"]
    if not tries:
        return PageOutcome(PageState.OPEN, number - 1)
    if any(one.result in wire.PENDING for one in tries):
        return PageOutcome(PageState.PENDING, number, tries[-1].result)
    last = tries[-1].result
    if last == wire.CANCELLED:
        return PageOutcome(PageState.CANCELLED, number, last, closed=True)
    if last not in wire.REFUSED:
        raise OutcomeUnknown("Nexi does not say what became of the order")
    return PageOutcome(PageState.DECLINED, number, last, closed=True, reason=wire.reason(last))


def _ended(order: Said) -> bool:
    return any(one.kind in ("VOID", "CANCEL") and one.stands for one in operations(order))


def placed(order: Said) -> Made | None:
    """The authorisation that was accepted, also one that was cancelled since."""
    words = wire.PLACED | ({wire.CANCELLED} if _ended(order) else set())
    return next((one for one in operations(order) if one.kind == "AUTHORIZATION" and one.result in words), None)


def is_gone(order: Said) -> bool:
    found = placed(order)
    taken = any(one.kind == "CAPTURE" and one.stands for one in operations(order))
    return found is not None and not taken and (found.result == "VOIDED" or _ended(order))


def booked(made: Made) -> Answer:
    """Of a capture or refund; PENDING is accepted, and settled later."""
    if made.result == "EXECUTED" or made.result in wire.PENDING:
        return Answer(State.SUCCEEDED, wire.DONE, reference=made.id, final=made.result == "EXECUTED")
    if made.result in wire.REFUSED or made.result == wire.CANCELLED:
        return Answer(State.REFUSED, made.result, "It was not booked", made.id)
    raise OutcomeUnknown("Nexi does not say what became of it")


def booked_among(alike: list[Made]) -> Answer:
    """Of one of these, whichever it is: nobody can tell which may fail. Raises OutcomeUnknown until none may."""
    if len(alike) > 1 and any(one.result in wire.PENDING for one in alike):
        raise OutcomeUnknown("Nexi does not say which of its operations it is")
    return booked(alike[-1])


def charged(made: Made) -> Answer:
    if made.result in wire.PLACED:
        return Answer(State.SUCCEEDED, wire.DONE, reference=made.id, auth_code=made.auth_code, proof=made.proof)
    if made.result in wire.REFUSED or made.result == wire.CANCELLED:
        return Answer(State.REFUSED, made.result, "Declined", made.id, reason=wire.reason(made.result))
    raise OutcomeUnknown("Nexi does not know yet what came of the charge")


def captured_before(made: Made) -> Answer:
    return Answer(State.REFUSED, "captured_before", "Another amount was captured", made.id)


def refused(said: Said) -> Answer:
    return Answer(State.REFUSED, said.code, said.message, reason=wire.reason(said.code))
