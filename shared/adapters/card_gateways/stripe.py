"""Stripe: its Checkout page or a card that is presented, and intents that are held, captured in part and refunded.

Declines stay on its page, where the customer tries another card. Each call bears a key, under which Stripe acts once
and repeats its first answer, a failure of its own too: a capture or cancellation that is made again after a lost
answer bears a new one, because an intent is captured or cancelled once whatever the key. Refunds and charges are
found again by our key in their metadata, and are never made under another one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from shared.adapters.card_gateways import stripe_codes as codes
from shared.adapters.card_gateways.calls import Call, NoTokens, in_another_currency
from shared.adapters.card_gateways.stripe_answers import captured, charged, refused
from shared.adapters.card_gateways.stripe_page import closed_outcome, form_of, outcome_of
from shared.adapters.card_gateways.stripe_presented import ALLOWED, PresentedCards, is_presented
from shared.adapters.card_gateways.stripe_presented import outcome_of as intent_outcome
from shared.adapters.card_gateways.stripe_refunds import Refunds
from shared.adapters.card_gateways.stripe_wire import Said, asked
from shared.adapters.reading import part, word
from shared.adapters.settings import ConnectorSettings, Owned
from shared.adapters.stripe_amounts import to_stripe
from shared.adapters.wire_keys import wire_key
from shared.domain.abilities import Abilities
from shared.domain.card import Initiator
from shared.domain.errors import OutcomeUnknown, Unprocessable
from shared.domain.ids import PageId
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Payment
from shared.domain.record import dataclass
from shared.ports.connectors import CardStep, Page, PageOutcome, PageRequest

if TYPE_CHECKING:
    from shared.domain.card_data import CardData
    from shared.domain.saved_card import SavedCard

NAME: Final = "stripe"
_EXPANDED: Final = {"expand[]": "payment_intent.latest_charge"}
_GONE: Final = 404
_EARLIER, _LATER = (
    timedelta(minutes=3),
    timedelta(minutes=5),
)  # what our clock and Stripe's may differ by, and the call
_NOTHING_HELD: Final = Answer(State.REFUSED, "nothing_held", "No card was accepted for this payment")
_NOTHING_TAKEN: Final = Answer(State.REFUSED, "nothing_captured", "Nothing was captured")


@dataclass(frozen=True, slots=True)
class StripeCardGateway(NoTokens):
    """The port ``CardGateway``. A page is a Checkout session; a hold's or sale's reference is its payment intent."""

    abilities: ClassVar = Abilities(
        asks=frozenset({Kind.PREAUTH, Kind.REFUND, Kind.SALE}),
        repeats=frozenset({Kind.CAPTURE, Kind.VOID}),
        hold_days=7,
        server_to_server=True,
        needs_setting=ALLOWED,
    )
    settings: ConnectorSettings

    def open_page(self, request: PageRequest) -> Page:
        if request.presented:
            return self._presented.open(request)
        form = form_of(request, self.settings.now())
        # The same page asked for again is the same session; another, with its own way back, is a session of its own.
        key = wire_key(request.payment, f"page:{request.try_number}:{json.dumps(form, sort_keys=True)}")
        said: Said | None = None
        with suppress(OutcomeUnknown):
            said = self._open(request, form, key)
        said = said or self._open(request, form, f"{key}-again")
        if not said.done:
            raise Unprocessable(f"the card gateway opens no page for this payment ({said.code})", code="refused")
        return Page(PageId(str(said.body["id"])), url=str(said.body["url"]), framable=False)

    def page_outcome(self, payment: Payment) -> PageOutcome:
        if is_presented(payment):
            return intent_outcome(payment, self._presented.intent(payment))
        return outcome_of(payment, self._session(payment))

    def close_page(self, payment: Payment) -> PageOutcome:
        if is_presented(payment):
            return self._presented.close(payment)
        path = f"checkout/sessions/{payment.page_id}/expire"
        said = self._call(payment, Call("expire", "POST", path, _EXPANDED, question=True))
        session = said.body if said.done else self._session(payment)  # it has ended before, one way or the other
        return closed_outcome(payment, session)

    def present_card(self, payment: Payment, card: CardData) -> CardStep:
        return self._presented.present(payment, card)

    def authenticate(self, payment: Payment, code: str | None) -> PageOutcome:
        return self._presented.authenticate(payment)

    def authorise(self, payment: Payment, operation: Operation) -> Answer:
        """Its page holds or charges the card itself: there is nothing that was agreed to and not done."""
        if is_presented(payment):
            return _unfit(payment, operation) or self._presented.authorise(payment, operation)
        return Answer(State.REFUSED, "not_agreed", "Nobody agreed to this payment")

    def capture(self, payment: Payment, operation: Operation) -> Answer:
        if unfit := _unfit(payment, operation):
            return unfit
        key = wire_key(payment, operation.key)
        form = {"amount_to_capture": str(to_stripe(operation.amount)), "metadata[operation]": key}

        def done_before(intent: Mapping[str, Any]) -> Answer | None:
            ours = word(part(intent, "metadata"), "operation") == key
            return captured(intent) if ours and word(intent, "status") == "succeeded" else None

        said = self._about_hold(payment, operation, "capture", form)
        if isinstance(said, Answer):
            return said
        return captured(said.body) if said.done else self._instead(payment, said, done_before)

    def void(self, payment: Payment, operation: Operation) -> Answer:
        def gone(intent: Mapping[str, Any]) -> Answer | None:
            if word(intent, "status") != "canceled":
                return None
            code = codes.DONE if operation.sent_before else "already_released"
            return Answer(State.SUCCEEDED, code, reference=word(intent, "id") or None)

        if unfit := _unfit(payment, operation):
            return unfit
        said = self._about_hold(payment, operation, "cancel", {"cancellation_reason": "requested_by_customer"})
        if isinstance(said, Answer):
            return said
        if said.done:
            return Answer(State.SUCCEEDED, codes.DONE, reference=word(said.body, "id"))
        return self._instead(payment, said, gone)

    def refund(self, payment: Payment, operation: Operation) -> Answer:
        if unfit := _unfit(payment, operation):
            return unfit
        intent = self._intent(payment)
        if not payment.done(Kind.CAPTURE, Kind.SALE) or not intent:
            return _NOTHING_TAKEN
        return self._refunds.give_back(payment, operation, intent)

    def charge(self, payment: Payment, operation: Operation, token: str) -> Answer:
        if unfit := _unfit(payment, operation):
            return unfit
        key, kept = wire_key(payment, operation.key), json.loads(token)
        form = {
            "amount": str(to_stripe(operation.amount)),
            "currency": operation.amount.currency.lower(),
            "customer": kept["customer"],
            "payment_method": kept["method"],
            "allowed_payment_method_types[0]": "card",
            "confirm": "true",
            "metadata[transactionId]": payment.id,
            "metadata[operation]": key,
        }
        # Where its holder is there, what only they can confirm is refused at once: nobody would come back to it.
        by_merchant = payment.initiator is Initiator.MERCHANT
        form["off_session" if by_merchant else "error_on_requires_action"] = "true"
        said = self._call(payment, Call("charge", "POST", "payment_intents", form, key))
        return charged(said.body) if said.done else refused(said)

    def delete_token(self, card: SavedCard, token: str) -> Answer:
        path = f"payment_methods/{json.loads(token)['method']}"
        said = self._call(card, Call("detach", "POST", f"{path}/detach", key=wire_key(card, path), question=True))
        if not said.done and said.status != _GONE:  # of one that is detached already
            now = self._call(card, Call("method", "GET", path))
            if now.status != _GONE and now.body.get("customer") is not None:
                return refused(said)
        return Answer(State.SUCCEEDED)

    def lookup(self, payment: Payment, operation: Operation) -> Answer | None:
        """None also for what may be made again: it says what came of it."""
        self._setting(payment, ALLOWED)
        if operation.kind in (Kind.PREAUTH, Kind.SALE) and is_presented(payment):
            return self._presented.found(payment)
        if operation.kind is Kind.REFUND:
            return self._refunds.given_back(payment, operation, self._intent(payment))
        if operation.kind is Kind.SALE and payment.saved_card is not None:
            since, until = operation.started_at - _EARLIER, operation.started_at + _LATER
            window = {"created[gte]": str(int(since.timestamp())), "created[lte]": str(int(until.timestamp()))}
            key = wire_key(payment, operation.key)
            found = self._refunds.listed(payment, "payment_intents", window, "operation", key)
            return charged(found) if found else None
        return None

    @property
    def _refunds(self) -> Refunds:
        return Refunds(self._call)

    @property
    def _presented(self) -> PresentedCards:
        return PresentedCards(self._call, self._setting)

    def _setting(self, owner: Owned, name: str) -> str:
        return self.settings.credentials.of(owner.merchant_id, owner.environment, NAME).get(name, "")

    def _open(self, request: PageRequest, form: Mapping[str, str], key: str) -> Said:
        return self._call(request.payment, Call("open", "POST", "checkout/sessions", form, key, question=True))

    def _session(self, payment: Payment) -> Mapping[str, Any]:
        said = self._call(payment, Call("session", "GET", f"checkout/sessions/{payment.page_id}", _EXPANDED))
        if not said.done:
            raise OutcomeUnknown("Stripe does not know the page of this payment")
        return said.body

    def _intent(self, payment: Payment) -> str:
        """The payment intent of the hold or sale; asked for when the journal has none. Empty: there is none."""
        paid = payment.done(Kind.PREAUTH, Kind.SALE)
        known = paid[-1].reference if paid else None
        if known or payment.saved_card is not None:
            return known or ""
        if is_presented(payment):
            return payment.page_id
        return word(part(self._session(payment), "payment_intent"), "id")

    def _about_hold(
        self, payment: Payment, operation: Operation, verb: str, form: Mapping[str, str]
    ) -> Said | Answer:
        intent = self._intent(payment)
        if not intent:
            return _NOTHING_HELD
        # Under the first key a failure of Stripe's own would be repeated for a day.
        key = wire_key(payment, operation.key) + (f"-{operation.asks}" if operation.asks else "")
        return self._call(payment, Call(verb, "POST", f"payment_intents/{intent}/{verb}", form, key))

    def _instead(self, payment: Payment, said: Said, told: Callable[[Mapping[str, Any]], Answer | None]) -> Answer:
        """What a refusal means where the intent has moved on: perhaps that it was done before."""
        if word(said.error, "code") != codes.IN_ANOTHER_STATE:
            return refused(said)
        intent = part(said.error, "payment_intent")
        if not intent:
            path = f"payment_intents/{self._intent(payment)}"
            intent = self._call(payment, Call("intent", "GET", path)).body
        return told(intent) or refused(said)

    def _call(self, owner: Owned, call: Call) -> Said:
        return self.settings.signed_in(
            owner, NAME, lambda known: asked(self.settings.http, owner.environment, known, call)
        )


def _unfit(payment: Payment, operation: Operation) -> Answer | None:
    """Why an amount is not even sent."""
    if other := in_another_currency(payment, operation):
        return other
    try:
        to_stripe(operation.amount)
    except Unprocessable as error:
        return Answer(State.REFUSED, error.error_code, str(error))
    return None
