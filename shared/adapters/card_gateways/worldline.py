"""Worldline Direct: its hosted checkout, and captures, cancellations and refunds of the payment that comes of it.

A page takes one card, so that each decline is told here and spends it. Captures and refunds bear our number and are
found by it again. A token's charge cannot be: a payment is asked for by Worldline's number alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from shared.adapters.card_gateways import worldline_codes as codes
from shared.adapters.card_gateways.calls import Call, OwnPageAlone, in_another_currency
from shared.adapters.card_gateways.json_api import Said
from shared.adapters.card_gateways.worldline_answers import booked, charged, created, outcome, refused
from shared.adapters.card_gateways.worldline_wire import asked
from shared.adapters.reading import part, parts, word
from shared.adapters.settings import ConnectorSettings, Owned
from shared.adapters.wire_keys import wire_key
from shared.domain.abilities import Abilities
from shared.domain.card import Initiator
from shared.domain.errors import NobodyKnows, OutcomeUnknown, Unprocessable
from shared.domain.ids import PageId
from shared.domain.money import Money
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Payment
from shared.domain.record import dataclass
from shared.ports.connectors import Page, PageOutcome, PageRequest

if TYPE_CHECKING:
    from shared.domain.saved_card import SavedCard

NAME: Final = "worldline"
_LOCALES: Final = {"it": "it_IT", "en": "en_GB", "de": "de_DE", "fr": "fr_FR", "es": "es_ES", "pt": "pt_PT"}
_LONGEST_SESSION: Final = 1440  # minutes
_REQUESTORS: Final = {Initiator.CUSTOMER: "cardholderInitiated", Initiator.MERCHANT: "merchantInitiated"}
_SALE: Final = "sale"  # in a page's handle
_NOTHING_HELD: Final = Answer(State.REFUSED, "nothing_held", "No card was accepted for this payment")


@dataclass(frozen=True, slots=True)
class WorldlineCardGateway(OwnPageAlone):
    """The port ``CardGateway``. A page is a hosted checkout; a hold's or sale's reference is Worldline's payment."""

    abilities: ClassVar = Abilities(
        asks=frozenset({Kind.CAPTURE, Kind.REFUND}),
        repeats=frozenset({Kind.VOID}),
        keeps_refusals=False,
        closes_pages=False,
    )
    settings: ConnectorSettings

    def open_page(self, request: PageRequest) -> Page:
        body = self._checkout(request)
        key = wire_key(request.payment, f"page:{request.try_number}:{json.dumps(body, sort_keys=True)}")
        said: Said | None = None
        with suppress(OutcomeUnknown):
            said = self._open(request, body, key)
        said = said or self._open(request, body, f"{key}-again")
        name, url = word(said.body, "hostedCheckoutId"), said.body.get("redirectUrl")
        if not said.done or not name or not isinstance(url, str):
            raise Unprocessable(f"the card gateway opens no page for this payment ({said.code})", code="refused")
        return Page(PageId(name), url=url, handle={_SALE: "true"} if request.sale else {}, framable=False)

    def page_outcome(self, payment: Payment) -> PageOutcome:
        sale = payment.card_page is not None and _SALE in payment.card_page.handle
        return outcome(payment.page_number, self._page(payment), sale=sale)

    def close_page(self, payment: Payment) -> PageOutcome:
        """It has no call for that: a card that comes later is given back."""
        return self.page_outcome(payment)

    def authorise(self, payment: Payment, operation: Operation) -> Answer:
        """Its page holds or charges the card itself: there is nothing that was agreed to and not done."""
        return Answer(State.REFUSED, "not_agreed", "Nobody agreed to this payment")

    def capture(self, payment: Payment, operation: Operation) -> Answer:
        if unfit := in_another_currency(payment, operation):
            return unfit
        about = {"amount": operation.amount.minor, "isFinal": True}
        said = self._about(payment, operation, "capture", about)
        return _NOTHING_HELD if said is None else booked(said.body) if said.done else refused(said)

    def void(self, payment: Payment, operation: Operation) -> Answer:
        if unfit := in_another_currency(payment, operation):
            return unfit
        said = self._about(payment, operation, "cancel", {"amountOfMoney": _money(operation.amount), "isFinal": True})
        if said is None:
            return _NOTHING_HELD
        now = part(said.body, "payment") if said.done else self._ask(payment, "payment", "").body
        if word(now, "status") == "CANCELLED":
            before = not said.done and not operation.sent_before
            code = "already_released" if before else codes.DONE
            return Answer(State.SUCCEEDED, code, reference=word(now, "id") or None)
        if said.done:
            raise OutcomeUnknown("Worldline does not say that the hold is released")
        return refused(said)

    def refund(self, payment: Payment, operation: Operation) -> Answer:
        if unfit := in_another_currency(payment, operation):
            return unfit
        said = self._about(payment, operation, "refund", {"amountOfMoney": _money(operation.amount)})
        return _NOTHING_HELD if said is None else booked(said.body) if said.done else refused(said)

    def charge(self, payment: Payment, operation: Operation, token: str) -> Answer:
        kept = json.loads(token)
        card: dict[str, Any] = {
            "token": kept["token"],
            "authorizationMode": "SALE",
            "unscheduledCardOnFileRequestor": _REQUESTORS[payment.initiator or Initiator.CUSTOMER],
            "unscheduledCardOnFileSequenceIndicator": "subsequent",
            # What only its holder can confirm is refused at once: nobody would come back to it.
            "threeDSecure": {"skipAuthentication": True},
        }
        if kept["network"]:
            card["schemeReferenceData"] = kept["network"]
        body = {"order": _order(payment, operation.amount), "cardPaymentMethodSpecificInput": card}
        said = self._call(payment, Call("charge", "POST", "payments", body, wire_key(payment, operation.key)))
        return charged(said) if said.done else refused(said)

    def delete_token(self, card: SavedCard, token: str) -> Answer:
        path = f"tokens/{json.loads(token)['token']}"
        said = self._call(card, Call("forget", "DELETE", path, question=True))
        return Answer(State.SUCCEEDED) if said.done or said.unknown_there else refused(said)

    def lookup(self, payment: Payment, operation: Operation) -> Answer | None:
        """None also for a void, which may be made again. NobodyKnows of a token's charge."""
        self.settings.credentials.of(payment.merchant_id, payment.environment, NAME)
        if operation.kind is Kind.CAPTURE:
            return self._found(payment, operation, "captures", "captureOutput")
        if operation.kind is Kind.REFUND:
            return self._found(payment, operation, "refunds", "refundOutput")
        if operation.kind is Kind.VOID:
            return None
        if payment.saved_card is not None:
            return self._accepted_charge(payment, operation)
        return None

    def _accepted_charge(self, payment: Payment, operation: Operation) -> Answer:
        """What became of a charge that was only accepted: that one has Worldline's number."""
        if not operation.reference:
            raise NobodyKnows("Worldline answers no question about a charge whose number nobody has")
        said = self._call(payment, Call("payment", "GET", f"payments/{operation.reference}"))
        if not said.done:
            raise OutcomeUnknown("Worldline does not know its own payment")
        return charged(Said(said.status, {"payment": said.body}))

    def _found(self, payment: Payment, operation: Operation, path: str, output: str) -> Answer | None:
        """What bears the operation's number."""
        key, said = wire_key(payment, operation.key), self._ask(payment, path, f"/{path}")
        for one in parts(said.body, path):
            if word(part(one, output, "operationReferences"), "merchantReference") == key:
                return booked(one)
        return None

    def _checkout(self, request: PageRequest) -> dict[str, Any]:
        payment, now = request.payment, self.settings.now()
        ends = request.expires_at or now + timedelta(hours=3)
        minutes = -(-(ends - now) // timedelta(minutes=1))
        page: dict[str, Any] = {
            "returnUrl": request.return_url,
            "locale": _LOCALES.get(payment.language[:2].lower(), _LOCALES["en"]),
            "showResultPage": False,
            "allowedNumberOfPaymentAttempts": 1,
            "sessionTimeout": min(max(minutes, 1), _LONGEST_SESSION),
            "paymentProductFilters": {"restrictTo": {"groups": ["cards"]}},
            "cardPaymentMethodSpecificInput": {
                "tokenizationMode": "createAlways" if request.tokenize else "noTokenization"
            },
        }
        card: dict[str, Any] = {"authorizationMode": "SALE" if request.sale else "PRE_AUTHORIZATION"}
        if request.tokenize:
            card["unscheduledCardOnFileRequestor"] = "cardholderInitiated"
            card["unscheduledCardOnFileSequenceIndicator"] = "first"
        order = _order(payment, payment.amount)
        return {"order": order, "cardPaymentMethodSpecificInput": card, "hostedCheckoutSpecificInput": page}

    def _open(self, request: PageRequest, body: Mapping[str, Any], key: str) -> Said:
        return self._call(request.payment, Call("open", "POST", "hostedcheckouts", body, key, question=True))

    def _page(self, payment: Payment) -> Said:
        said = self._call(payment, Call("page", "GET", f"hostedcheckouts/{payment.page_id}"))
        if not said.done:
            raise OutcomeUnknown("Worldline does not know the page of this payment")
        return said

    def _number(self, payment: Payment) -> str:
        """Worldline's number of the payment; asked for when the journal has none. Empty: there is none."""
        paid = payment.done(Kind.PREAUTH, Kind.SALE)
        known = paid[-1].reference if paid else None
        if known or payment.saved_card is not None:
            return known or ""
        return word(created(self._page(payment)), "id")

    def _ask(self, payment: Payment, name: str, path: str) -> Said:
        said = self._call(payment, Call(name, "GET", f"payments/{self._number(payment) or '0'}{path}"))
        if not said.done:
            raise OutcomeUnknown("Worldline does not know what became of the payment")
        return said

    def _about(self, payment: Payment, operation: Operation, verb: str, body: Mapping[str, Any]) -> Said | None:
        """What is asked of Worldline's payment; None where there is none."""
        number, key = self._number(payment), wire_key(payment, operation.key)
        if not number:
            return None
        # Under the first key a failure of Worldline's own may be repeated. A hold ends once whatever the key; no
        # refund is made under another one.
        ends_the_hold = operation.kind is not Kind.REFUND
        sent = f"{key}-{operation.asks}" if operation.asks and ends_the_hold else key
        about = {**body, "operationReferences": {"merchantReference": key}}
        return self._call(payment, Call(verb, "POST", f"payments/{number}/{verb}", about, sent))

    def _call(self, owner: Owned, call: Call) -> Said:
        return self.settings.signed_in(
            owner, NAME, lambda known: asked(self.settings.http, owner.environment, known, call)
        )


def _money(amount: Money) -> dict[str, Any]:
    return {"amount": amount.minor, "currencyCode": amount.currency}


def _order(payment: Payment, amount: Money) -> dict[str, Any]:
    return {"amountOfMoney": _money(amount), "references": {"merchantReference": payment.id}}
