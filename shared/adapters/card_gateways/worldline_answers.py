"""What Worldline's hosted checkouts, payments, captures and refunds mean as outcomes and answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from shared.adapters.card_gateways import worldline_codes as codes
from shared.adapters.card_gateways.json_api import Said
from shared.adapters.card_gateways.worldline_wire import first_error
from shared.adapters.reading import minor_amount, part, word
from shared.domain.authentication import Proof, ThreeDs, proof_of
from shared.domain.card import Card
from shared.domain.errors import InvalidRequest, OutcomeUnknown
from shared.domain.money import Money
from shared.domain.operation import Answer, State
from shared.ports.connectors import PageOutcome, PageState

_TAKEN: Final = frozenset({"CAPTURED", "CAPTURE_REQUESTED"})
_PLACED: Final = _TAKEN | {"PENDING_CAPTURE", "REJECTED_CAPTURE", "CANCELLED", "REFUND_REQUESTED", "REFUNDED"}
_UNDECIDED: Final = frozenset(
    {"AUTHORIZATION_REQUESTED", "PENDING_PAYMENT", "PENDING_COMPLETION", "PENDING_APPROVAL", "PENDING_FRAUD_APPROVAL"}
)
_AT_THE_CUSTOMER: Final = frozenset({"CREATED", "REDIRECTED"})
_BOOKED: Final = frozenset({"CAPTURED", "REFUNDED"})
_ACCEPTED: Final = frozenset({"CAPTURE_REQUESTED", "REFUND_REQUESTED"})
_NOT: Final = frozenset({"REJECTED", "REJECTED_CAPTURE", "CANCELLED"})
_UNKNOWN: Final = "Worldline does not say what became of it"


def created(checkout: Said) -> Mapping[str, Any]:
    """The payment of a hosted checkout, empty while there is none."""
    return part(checkout.body, "createdPaymentOutput", "payment")


def outcome(number: int, checkout: Said, *, sale: bool) -> PageOutcome:
    """What a page came to. A ``sale`` that is only held is not done: some of Worldline's acquirers know no sale."""
    status, payment = word(checkout.body, "status"), created(checkout)
    if status == "CANCELLED_BY_CONSUMER":  # or because nobody came in time
        return PageOutcome(PageState.CANCELLED, number, status, closed=True)
    if status == "IN_PROGRESS":
        return PageOutcome(PageState.OPEN, number - 1, status)
    if status != "PAYMENT_CREATED" or not payment:
        raise OutcomeUnknown(_UNKNOWN)
    state, code = word(payment, "status"), part(payment, "statusOutput").get("statusCode")
    if state == "CANCELLED" and code == codes.LEFT:
        return PageOutcome(PageState.CANCELLED, number, state, closed=True)
    if state in _UNDECIDED or (sale and state == "PENDING_CAPTURE"):
        return PageOutcome(PageState.PENDING, number, state)
    if state in _PLACED:
        return _approved(number, payment)
    if state in _AT_THE_CUSTOMER:
        return PageOutcome(PageState.OPEN, number - 1, state)
    if state != "REJECTED":
        raise OutcomeUnknown(_UNKNOWN)
    error = first_error(part(payment, "statusOutput"))
    why = word(error, "errorCode")
    return PageOutcome(
        PageState.DECLINED, number, why or state, word(error, "message"), closed=True, reason=codes.reason(why)
    )


def _approved(number: int, payment: Mapping[str, Any]) -> PageOutcome:
    about = part(payment, "paymentOutput", "cardPaymentMethodSpecificOutput")
    return PageOutcome(
        PageState.APPROVED,
        number,
        codes.DONE,
        reference=word(payment, "id") or None,
        card=_card(about),
        token=_token(about),
        auth_code=word(about, "authorisationCode") or None,
        proof=_proof(about),
        amount=_amount(part(payment, "paymentOutput")),
        closed=True,
    )


def _card(about: Mapping[str, Any]) -> Card:
    card, product = part(about, "card"), about.get("paymentProductId")
    expiry = word(card, "expiryDate")
    return Card(
        brand=codes.BRANDS.get(product, "CARD") if isinstance(product, int) else "CARD",
        last4=word(card, "cardNumber")[-4:],
        expiry=f"{expiry[:2]}/{expiry[2:]}" if len(expiry) == 4 else "",
    )


def _token(about: Mapping[str, Any]) -> str | None:
    """What charges the card again, with the scheme's number of its first payment."""
    token = word(about, "token")
    return json.dumps({"token": token, "network": word(about, "schemeReferenceData")}) if token else None


def _proof(about: Mapping[str, Any]) -> Proof | None:
    said = part(about, "threeDSecureResults")
    status, liability = word(said, "authenticationStatus"), word(said, "liability")
    if not status:  # nobody asked the card's bank
        return proof_of(word(about, "schemeReferenceData"), None)
    three_ds = ThreeDs(
        enrolled=status != "U",  # the bank could not be asked
        authenticated=status == "Y",
        liability_shift=liability == "issuer" if liability else None,
        eci=word(said, "schemeEci") or word(said, "eci"),
        status=status,
    )
    return proof_of(word(about, "schemeReferenceData"), three_ds)


def _amount(output: Mapping[str, Any]) -> Money:
    found = part(output, "amountOfMoney")
    try:
        return minor_amount(found.get("amount"), word(found, "currencyCode"))
    except InvalidRequest as error:
        raise OutcomeUnknown("Worldline does not say how much it is") from error


def booked(made: Mapping[str, Any]) -> Answer:
    """Of a capture or a refund; one that is requested is accepted, and settled later."""
    status, reference = word(made, "status"), word(made, "id") or None
    if status in _BOOKED | _ACCEPTED:
        return Answer(State.SUCCEEDED, codes.DONE, reference=reference, final=status in _BOOKED)
    if status in _NOT:
        return Answer(State.REFUSED, status, "It was not booked", reference)
    raise OutcomeUnknown(_UNKNOWN)


def charged(said: Said) -> Answer:
    """Of a token's charge. One that waits for its holder is refused: nobody would come back to it."""
    payment = part(said.body, "payment")
    status, reference = word(payment, "status"), word(payment, "id") or None
    if status in _TAKEN:
        about = part(payment, "paymentOutput", "cardPaymentMethodSpecificOutput")
        code, proof = word(about, "authorisationCode") or None, _proof(about)
        answer = Answer(State.SUCCEEDED, codes.DONE, reference=reference, auth_code=code, proof=proof)
        return replace(answer, final=status == "CAPTURED")
    if status == "REDIRECTED":
        reason = codes.reason("40001139")
        return Answer(State.REFUSED, status, "Its holder has to confirm it", reference, reason=reason)
    if status not in _NOT:
        raise OutcomeUnknown("Worldline does not know yet what came of the charge")
    why = word(first_error(part(payment, "statusOutput")), "errorCode")
    return Answer(State.REFUSED, why or status, "Declined", reference, reason=codes.reason(why))


def refused(said: Said) -> Answer:
    return Answer(State.REFUSED, said.code, said.message, reason=codes.reason(said.code))
