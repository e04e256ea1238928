"""Nexi XPay: its hosted page, which holds or charges the card itself, and captures, cancels and refunds by number.

An order is opened once and spent by one card. What is asked of its operations bears a key, under which Nexi acts
once; but an order names its operations by Nexi's numbers alone, so that a call whose answer was lost is told from
others by what it would have changed: a hold is captured once, and refunds are told by their sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from secrets import token_hex
from typing import TYPE_CHECKING, Any, ClassVar, Final

from shared.adapters.card_gateways import nexi_wire as wire
from shared.adapters.card_gateways.calls import Call, OwnPageAlone, in_another_currency
from shared.adapters.card_gateways.json_api import Said
from shared.adapters.card_gateways.nexi_orders import (
    CONTRACT,
    asked_for,
    booked,
    booked_among,
    captured_before,
    charged,
    is_gone,
    outcome,
    placed,
    refused,
)
from shared.adapters.card_gateways.nexi_wire import Made, asked, operations
from shared.adapters.reading import part, word
from shared.adapters.settings import ConnectorSettings, Owned
from shared.adapters.wire_keys import wire_key
from shared.domain.abilities import Abilities
from shared.domain.errors import NobodyKnows, OutcomeUnknown, Unavailable, Unprocessable
from shared.domain.ids import PageId
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Payment
from shared.domain.record import dataclass
from shared.domain.refund import CARD
from shared.ports.connectors import Page, PageOutcome, PageRequest

if TYPE_CHECKING:
    from shared.domain.saved_card import SavedCard

NAME: Final = "nexi"
_LONGEST_ID: Final = 18  # of an order or contract; some of its services take more
_RELEASED: Final = Answer(State.SUCCEEDED, "already_released")


@dataclass(frozen=True, slots=True)
class NexiCardGateway(OwnPageAlone):
    """The port ``CardGateway``. A page is an order; a hold's or sale's reference is the authorisation's number."""

    abilities: ClassVar = Abilities(
        asks=frozenset({Kind.SALE}),
        repeats=frozenset({Kind.CAPTURE, Kind.VOID, Kind.REFUND}),
        closes_pages=False,
        tells_rest=False,
        currencies=frozenset({"EUR"}),
    )
    settings: ConnectorSettings

    def open_page(self, request: PageRequest) -> Page:
        contract = {CONTRACT: token_hex(_LONGEST_ID // 2)} if request.tokenize else {}
        said: Said | None = None
        with suppress(OutcomeUnknown):
            said = self._open(request, order := token_hex(_LONGEST_ID // 2), contract)
        said = said or self._open(request, order := token_hex(_LONGEST_ID // 2), contract)
        url = word(said.body, "hostedPage")
        if not said.done or not url:
            raise Unprocessable(f"the card gateway opens no page for this payment ({said.code})", code="refused")
        return Page(PageId(order), url=url, handle=contract, framable=False)

    def page_outcome(self, payment: Payment) -> PageOutcome:
        return outcome(payment, self._order(payment))

    def close_page(self, payment: Payment) -> PageOutcome:
        """It has no call for that: a card that comes later is given back."""
        return self.page_outcome(payment)

    def authorise(self, payment: Payment, operation: Operation) -> Answer:
        """Its page holds or charges the card itself: there is nothing that was agreed to and not done."""
        return Answer(State.REFUSED, "not_agreed", "Nobody agreed to this payment")

    def capture(self, payment: Payment, operation: Operation) -> Answer:
        if unfit := in_another_currency(payment, operation):
            return unfit
        # Whether it lets go of what a capture leaves is not public: it is told to, and may refuse.
        left = payment.authorised - operation.amount if operation.amount < payment.authorised else None
        before = self._stands(payment, "CAPTURE") if operation.sent_before else []
        if before:
            ours = [one for one in before if one.amount == operation.amount]
            return replace(booked(ours[0]), left=left) if ours else captured_before(before[0])
        return replace(self._about(payment, operation, self._hold(payment), "captures"), left=left)

    def void(self, payment: Payment, operation: Operation) -> Answer:
        if unfit := in_another_currency(payment, operation):
            return unfit
        held = self._hold(payment)
        said = self._post(payment, operation, held, "cancels", {"description": payment.id})
        if said.done:
            return Answer(State.SUCCEEDED, wire.DONE, reference=word(said.body, "operationId") or held)
        captured = payment.done(Kind.CAPTURE)
        if captured and operation.amount < payment.authorised:
            return _RELEASED  # the rest of a capture, which Nexi let go of by itself
        if is_gone(self._order(payment)):
            return Answer(State.SUCCEEDED, wire.DONE, reference=held) if operation.sent_before else _RELEASED
        return refused(said)

    def refund(self, payment: Payment, operation: Operation) -> Answer:
        if unfit := in_another_currency(payment, operation):
            return unfit
        if operation.sent_before:
            given = self._stands(payment, "REFUND")
            if not self._is_missing(payment, operation, given):
                return booked_among([one for one in given if one.amount == operation.amount])
        moved = payment.done(Kind.CAPTURE, Kind.SALE)
        if not moved:
            return Answer(State.REFUSED, "nothing_captured", "Nothing was captured")
        return self._about(payment, operation, self._taken(payment, moved[-1]), "refunds")

    def charge(self, payment: Payment, operation: Operation, token: str) -> Answer:
        before = self._charged(payment, operation) if operation.sent_before else None
        if before is not None:
            return before
        order = {
            "orderId": _of_charge(payment, operation),
            **wire.amount(operation.amount),
            "customField": payment.id,
        }
        body = {"order": order, "contractId": token, "captureType": "IMPLICIT"}
        said = self._call(payment, Call("charge", "POST", "orders/mit", body))
        if said.done:
            return charged(wire.made(part(said.body, "operation")))
        return self._charged(payment, operation) or refused(said)  # refused perhaps because it is there

    def delete_token(self, card: SavedCard, token: str) -> Answer:
        said = self._call(card, Call("forget", "POST", f"contracts/{token}/deactivation", question=True))
        return Answer(State.SUCCEEDED) if said.done or said.unknown_there else refused(said)

    def lookup(self, payment: Payment, operation: Operation) -> Answer | None:
        """None also for what may be made again: it says what came of it. NobodyKnows of refunds that make no sum."""
        self.settings.credentials.of(payment.merchant_id, payment.environment, NAME)
        if operation.reference:
            return self._result(payment, operation.reference)
        if operation.kind in (Kind.PREAUTH, Kind.SALE):
            if payment.saved_card is not None:
                return self._charged(payment, operation)
            found = placed(self._order(payment))
            return charged(found) if found else None
        if operation.kind is Kind.REFUND:
            self._is_missing(payment, operation, self._stands(payment, "REFUND"))
        return None

    def _is_missing(self, payment: Payment, operation: Operation, given: list[Made]) -> bool:
        """Whether all refunds but this one are there. Raises NobodyKnows when that cannot be said.

        Refunds lie beside their payment, which knows what they give back or reserve, and which of them are open.
        """
        amount, there = operation.amount.minor, sum(one.amount.minor for one in given)
        others = max(payment.given_back.get(CARD, 0) - amount, 0)
        alone = all(leg.endswith(f"/{operation.key}") for leg in payment.open_legs if f":{Kind.REFUND}:" in leg)
        if there == others + amount and any(one.amount == operation.amount for one in given):
            return False
        if there == others and alone:
            return True
        raise NobodyKnows("Nexi's refunds of this payment are not those that we know of")

    def _open(self, request: PageRequest, name: str, contract: Mapping[str, str]) -> Said:
        body = asked_for(request, name, contract.get(CONTRACT, ""))
        return self._call(request.payment, Call("open", "POST", "orders/hpp", body, question=True))

    def _order(self, payment: Payment) -> Said:
        """What became of the payment's order. One that nobody has been at may be unknown there."""
        charge = payment.last(Kind.SALE) if payment.saved_card is not None else None
        return self._named(payment, _of_charge(payment, charge) if charge else payment.page_id)

    def _named(self, payment: Payment, name: str) -> Said:
        said = self._call(payment, Call("order", "GET", f"orders/{name}"))
        if not said.done and not said.unknown_there:
            raise OutcomeUnknown("Nexi does not say what became of the order")
        return said

    def _stands(self, payment: Payment, kind: str) -> list[Made]:
        return [one for one in operations(self._order(payment)) if one.kind == kind and one.stands]

    def _charged(self, payment: Payment, operation: Operation) -> Answer | None:
        said = self._named(payment, _of_charge(payment, operation))
        tries = [one for one in operations(said) if one.kind == "AUTHORIZATION"]
        if tries:
            return charged(tries[-1])
        if said.unknown_there:
            return None
        raise OutcomeUnknown("Nexi does not know yet what came of the charge")

    def _hold(self, payment: Payment) -> str:
        """The authorisation's number; asked for when the journal has none."""
        paid = payment.done(Kind.PREAUTH, Kind.SALE)
        if paid and paid[-1].reference:
            return paid[-1].reference
        found = placed(self._order(payment))
        return found.id if found else "0"

    def _taken(self, payment: Payment, moved: Operation) -> str:
        """The number of the capture that a refund is of; a sale's was made by Nexi itself."""
        if moved.kind is Kind.CAPTURE and moved.reference:
            return moved.reference
        captures = self._stands(payment, "CAPTURE")
        return captures[-1].id if captures else self._hold(payment)

    def _about(self, payment: Payment, operation: Operation, number: str, verb: str) -> Answer:
        said = self._post(payment, operation, number, verb, wire.amount(operation.amount))
        if not said.done:
            return refused(said)
        made = word(said.body, "operationId")
        if not made:
            raise OutcomeUnknown("Nexi does not say what it did")
        try:
            return self._result(payment, made)
        except (OutcomeUnknown, Unavailable):  # it is there, and asked about later
            return Answer(State.SUCCEEDED, wire.DONE, reference=made, final=False)

    def _result(self, payment: Payment, number: str) -> Answer:
        said = self._call(payment, Call("operation", "GET", f"operations/{number}"))
        if not said.done:
            raise OutcomeUnknown("Nexi does not know its own operation")
        return booked(wire.made(said.body))

    def _post(self, payment: Payment, operation: Operation, number: str, verb: str, body: Mapping[str, Any]) -> Said:
        key = wire_key(payment, operation.key)
        return self._call(payment, Call(verb, "POST", f"operations/{number}/{verb}", body, key))

    def _call(self, owner: Owned, call: Call) -> Said:
        return self.settings.signed_in(
            owner, NAME, lambda known: asked(self.settings.http, owner.environment, known, call)
        )


def _of_charge(payment: Payment, charge: Operation) -> str:
    return wire_key(payment, charge.key)[:_LONGEST_ID]
