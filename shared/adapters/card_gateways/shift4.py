"""Shift4: its script makes a token of a card on a page of ours, and only what we charge then moves money.

A hold is a charge that is not captured; a capture takes all of it, because Shift4 knows none of a part. What a page's
token came to stands under the page's number in the charge's metadata, a refund and a saved card's charge under our
key: each is found again among what Shift4 lists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from shared.adapters.card_gateways import shift4_codes as codes
from shared.adapters.card_gateways.calls import Call, OwnPageAlone, in_another_currency
from shared.adapters.card_gateways.json_api import Said
from shared.adapters.card_gateways.shift4_answers import (
    captured,
    card_of,
    charged,
    kept_card,
    outcome,
    read_card,
    refunded,
    refused,
    released,
)
from shared.adapters.card_gateways.shift4_charges import AT, CARD, SAVES, TOKEN, Charges, handle_of
from shared.adapters.card_gateways.shift4_wire import asked
from shared.adapters.reading import word
from shared.adapters.settings import ConnectorSettings, Owned
from shared.adapters.wire_keys import wire_key
from shared.domain.abilities import Abilities
from shared.domain.card import FIELDS_KEY, FIELDS_SCRIPT, PAYER, Initiator
from shared.domain.errors import InvalidRequest, OutcomeUnknown, Unavailable, Unprocessable
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Payment
from shared.domain.record import dataclass
from shared.ports.connectors import Handed, Page, PageOutcome, PageRequest, PageState

if TYPE_CHECKING:
    from shared.domain.saved_card import SavedCard

NAME: Final = "shift4"
DIFFERENCE: Final = "capture_then_refund"  # the setting under which a hold may be captured in part, our way
_TYPES: Final = {Initiator.CUSTOMER: "customer_initiated", Initiator.MERCHANT: "merchant_initiated"}
_TOKEN: Final = re.compile(r"tok_[A-Za-z0-9]{8,64}")
_NOTHING_HELD: Final = Answer(State.REFUSED, "nothing_held", "No card was accepted for this payment")
_NOTHING_TAKEN: Final = Answer(State.REFUSED, "nothing_captured", "Nothing was captured")


@dataclass(frozen=True, slots=True)
class Shift4CardGateway(OwnPageAlone):
    """The port ``CardGateway``. A page is ours; a hold's, capture's or sale's reference is Shift4's charge."""

    abilities: ClassVar = Abilities(
        asks=frozenset({Kind.PREAUTH, Kind.REFUND, Kind.SALE}),
        repeats=frozenset({Kind.CAPTURE, Kind.VOID}),
        keeps_refusals=False,
        closes_pages=False,
        hold_days=7,
        partial_capture=False,
        refunds_difference=DIFFERENCE,
    )
    settings: ConnectorSettings

    def open_page(self, request: PageRequest) -> Page:
        """Asks nobody: Shift4 hears of the payment when its customer's card is charged."""
        payment, known = request.payment, self._known(request.payment)
        if not request.sale and known.get(DIFFERENCE) != "true":
            raise Unprocessable("the card gateway captures no part of a hold", code="mode_not_supported")
        url = f"{payment.pages_origin}/pay/shift4/?transactionId={payment.id}&paymentID={request.page_id}"
        handle = {FIELDS_SCRIPT: known["script_url"], FIELDS_KEY: known["public_key"]}
        handle |= {SAVES: "1"} if request.tokenize else {}
        return Page(request.page_id, url=url, handle=handle, framable=False)

    def recognise(self, payment: Payment, token: str) -> Handed:
        self._known(payment)
        known = _TOKEN.fullmatch(token) is not None
        said = self._call(payment, Call("token", "GET", f"tokens/{token if known else 'tok_0'}"))
        if not known or not said.done or said.body.get("used") is True:
            raise InvalidRequest("this token is not known to the gateway, or was used", code="invalid_card_token")
        card, now = card_of(said.body), self.settings.now()
        return Handed({TOKEN: token, AT: str(int(now.timestamp())), CARD: kept_card(card)})

    def page_outcome(self, payment: Payment) -> PageOutcome:
        self._known(payment)
        number, handle = payment.page_number, handle_of(payment)
        if TOKEN not in handle:
            return PageOutcome(PageState.OPEN, number - 1)
        no = _refused_before(payment)
        if no is not None:
            reason = codes.reason(no.code)
            return PageOutcome(PageState.DECLINED, number, no.code, no.message, closed=True, reason=reason)
        payer = handle.get(PAYER) or None
        made = self._charges.of_page(payment)
        if made is not None:
            return outcome(number, made, saves=SAVES in handle, payer=payer)
        return PageOutcome(PageState.AGREED, number, card=read_card(handle.get(CARD, "")), payer=payer)

    def close_page(self, payment: Payment) -> PageOutcome:
        """A token that comes later is never charged."""
        return self.page_outcome(payment)

    def authorise(self, payment: Payment, operation: Operation) -> Answer:
        self._known(payment)
        handle = handle_of(payment)
        if TOKEN not in handle:
            return Answer(State.REFUSED, "not_agreed", "Nobody agreed to this payment")
        if operation.amount != payment.amount:
            return Answer(State.REFUSED, "another_amount", "Nobody agreed to this amount")
        paying: dict[str, Any] = {"card": handle[TOKEN]}
        if SAVES in handle:
            saved = self._customer(payment, operation, handle[TOKEN])
            if not saved.done:
                return refused(saved, payment.page_id)
            paying = {"customerId": word(saved.body, "id"), "card": word(saved.body, "defaultCardId")}
        body = self._body(payment, operation, paying)
        body |= {"captured": operation.kind is Kind.SALE}
        body["threeDSecure"] = {
            "requireEnrolledCard": False,
            "requireSuccessfulLiabilityShiftForEnrolledCard": True,
        }
        said = self._call(payment, Call("authorise", "POST", "charges", body, wire_key(payment, operation.key)))
        answer = charged(said.body) if said.done else refused(said)
        # A token that was refused is charged no more: the page is spent, and says so by its number in the journal.
        return answer if answer.succeeded else replace(answer, reference=payment.page_id)

    def capture(self, payment: Payment, operation: Operation) -> Answer:
        """The whole hold. A part is refused: whoever wants one takes all, and gives the difference back."""
        if unfit := in_another_currency(payment, operation):
            return unfit
        held = self._charges.number(payment)
        if not held:
            return _NOTHING_HELD
        if operation.amount != (payment.authorised or payment.amount):
            return Answer(State.REFUSED, "another_amount", "The card gateway captures no part of a hold")
        # Under the first key a failure of Shift4's own might be repeated; a charge is captured once whatever the key.
        key = wire_key(payment, operation.key) + (f"-{operation.asks}" if operation.asks else "")
        said = self._call(payment, Call("capture", "POST", f"charges/{held}/capture", key=key))
        now = said.body if said.done else self._charges.shown(payment, held)
        if now.get("captured") is True and (said.done or operation.sent_before):
            return captured(now, operation.amount)
        if said.done:
            raise OutcomeUnknown("Shift4 does not say that the capture is done")
        return refused(said)

    def void(self, payment: Payment, operation: Operation) -> Answer:
        """A charge that was not captured is let go of by the refund of all of it: of one that was, never."""
        if unfit := in_another_currency(payment, operation):
            return unfit
        held = self._charges.number(payment)
        if not held:
            return _NOTHING_HELD
        now = self._charges.shown(payment, held)
        if now.get("captured") is not False:
            return Answer(State.REFUSED, "captured", "What was captured is not released", held)
        if now.get("refunded") is True:
            return released(held, operation)
        key = wire_key(payment, operation.key) + (f"-{operation.asks}" if operation.asks else "")
        said = self._call(payment, Call("release", "POST", f"charges/{held}/refund", key=key))
        if said.done and said.body.get("refunded") is not True:
            raise OutcomeUnknown("Shift4 does not say that the hold is released")
        return Answer(State.SUCCEEDED, codes.DONE, reference=held) if said.done else refused(said)

    def refund(self, payment: Payment, operation: Operation) -> Answer:
        if unfit := in_another_currency(payment, operation):
            return unfit
        paid = self._charges.number(payment)
        if not payment.done(Kind.CAPTURE, Kind.SALE) or not paid:
            return _NOTHING_TAKEN
        key = wire_key(payment, operation.key)
        about = {"chargeId": paid, "amount": operation.amount.minor, "metadata": {"operation": key}}
        said = self._call(payment, Call("refund", "POST", "refunds", about, key))
        return refunded(said.body) if said.done else refused(said)

    def charge(self, payment: Payment, operation: Operation, token: str) -> Answer:
        if unfit := in_another_currency(payment, operation):
            return unfit
        kept = json.loads(token)
        body = self._body(payment, operation, {"customerId": kept["customer"], "card": kept["card"]})
        body |= {"captured": True, "type": _TYPES[payment.initiator or Initiator.CUSTOMER]}
        said = self._call(payment, Call("charge", "POST", "charges", body, wire_key(payment, operation.key)))
        return charged(said.body) if said.done else refused(said)

    def delete_token(self, card: SavedCard, token: str) -> Answer:
        kept = json.loads(token)
        path = f"customers/{kept['customer']}/cards/{kept['card']}"
        said = self._call(card, Call("forget", "DELETE", path, question=True))
        return Answer(State.SUCCEEDED) if said.done or said.unknown_there else refused(said)

    def lookup(self, payment: Payment, operation: Operation) -> Answer | None:
        """None also for what may be made again: it says what came of it."""
        self._known(payment)
        if operation.kind is Kind.REFUND:
            found = self._charges.given_back(payment, operation)
            return refunded(found) if found is not None else None
        if operation.kind not in (Kind.PREAUTH, Kind.SALE):
            return None
        if payment.saved_card is None:
            made = self._charges.of_page(payment, operation)
            answer = charged(made) if made is not None else None
            return answer if answer is None or answer.succeeded else replace(answer, reference=payment.page_id)
        made = self._charges.of_saved_card(payment, operation)
        return charged(made) if made is not None else None

    def _body(self, payment: Payment, operation: Operation, paying: Mapping[str, Any]) -> dict[str, Any]:
        metadata = {"transactionId": payment.id, "operation": wire_key(payment, operation.key)}
        if payment.saved_card is None:
            metadata["page"] = payment.page_id
        amount = operation.amount
        return {"amount": amount.minor, "currency": amount.currency, "metadata": metadata, **paying}

    def _customer(self, payment: Payment, operation: Operation, token: str) -> Said:
        """The customer with whom the card is saved. Raises Unavailable: without one nothing is charged."""
        # Shift4 wants an address of each customer; a name that is nobody's stands for one that nobody gave.
        body = {"email": payment.email or f"{payment.id}@customer.invalid", "card": token}
        key = wire_key(payment, f"{operation.key}:customer")
        try:
            made = self._call(payment, Call("customer", "POST", "customers", body, key, question=True))
        except OutcomeUnknown as error:
            raise Unavailable("Shift4 saves no card now") from error
        if made.done and not (word(made.body, "id") and word(made.body, "defaultCardId")):
            raise Unavailable("Shift4 saves no card now")
        return made

    @property
    def _charges(self) -> Charges:
        return Charges(self._call)

    def _known(self, owner: Owned) -> Mapping[str, str]:
        """What the connector is set up with. Raises GatewayNotConfigured."""
        return self.settings.credentials.of(owner.merchant_id, owner.environment, NAME)

    def _call(self, owner: Owned, call: Call) -> Said:
        return self.settings.signed_in(
            owner, NAME, lambda known: asked(self.settings.http, owner.environment, known, call)
        )


def _refused_before(payment: Payment) -> Operation | None:
    """The refusal of this page in the journal: it bears the page's own number."""
    tried = [op for op in payment.operations if op.kind in (Kind.PREAUTH, Kind.SALE) and op.state is State.REFUSED]
    return next((op for op in tried if op.reference == payment.page_id), None)
