"""PayPal: a buyer agrees to an order on its page, and only what we authorise or capture then moves money.

An order is asked for everything that became of it: each authorisation, capture and refund stands there, the latter
two under our key. It is agreed to once: after a refusal the next page is another order.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, Final

from shared.adapters.card_gateways import paypal_codes as codes
from shared.adapters.card_gateways.calls import Call, OwnPageAlone, in_another_currency
from shared.adapters.card_gateways.paypal_answers import (
    authorised,
    booked,
    outcome,
    payments,
    placed,
    refused,
    taken,
    unit_amount,
)
from shared.adapters.card_gateways.paypal_order import order_for
from shared.adapters.card_gateways.paypal_saved import SavedAccounts, with_saved
from shared.adapters.card_gateways.paypal_wire import Said, asked, to_paypal
from shared.adapters.reading import parts, word
from shared.adapters.settings import ConnectorSettings, Owned
from shared.adapters.wire_keys import wire_key
from shared.domain.abilities import Abilities
from shared.domain.errors import OutcomeUnknown, Unprocessable
from shared.domain.ids import PageId
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.payment import Payment
from shared.domain.record import dataclass
from shared.ports.connectors import Page, PageOutcome, PageRequest, PageState

if TYPE_CHECKING:
    from shared.domain.saved_card import SavedCard

NAME: Final = "paypal"
_TO_THE_PAGE: Final = frozenset({"payer-action", "approve"})
_TAKES: Final = "AUD BRL CAD CNY CZK DKK EUR HKD HUF ILS JPY MYR MXN TWD NZD NOK PHP PLN GBP SGD SEK CHF THB USD"
_CURRENCIES: Final = frozenset(_TAKES.split())


@dataclass(frozen=True, slots=True)
class PayPalCardGateway(OwnPageAlone):
    """The port ``CardGateway``. A page is an order; a hold's reference is its authorisation, a sale's its capture."""

    abilities: ClassVar = Abilities(
        asks=frozenset({Kind.PREAUTH, Kind.CAPTURE, Kind.REFUND, Kind.SALE}),
        repeats=frozenset({Kind.VOID}),
        keeps_refusals=False,
        closes_pages=False,
        hold_days=3,
        shows_cards=False,
        currencies=_CURRENCIES,
    )
    settings: ConnectorSettings

    def open_page(self, request: PageRequest) -> Page:
        body, payment = order_for(request), request.payment
        said: Said | None = None
        key = wire_key(payment, f"{payment.id}:page:{request.try_number}:{request.return_url}")
        with suppress(OutcomeUnknown):
            said = self._open(payment, body, key)
        said = said or self._open(payment, body, f"{key}-again")
        links = [word(link, "href") for link in parts(said.body, "links") if word(link, "rel") in _TO_THE_PAGE]
        if not said.done or not links:
            raise Unprocessable(f"the card gateway opens no page for this payment ({said.issue})", code="refused")
        return Page(PageId(word(said.body, "id")), url=links[0], framable=False)

    def page_outcome(self, payment: Payment) -> PageOutcome:
        order, number = self._ask(payment), payment.page_number
        state, made = word(order, "status"), authorised(order) or taken(order)
        if made is not None:
            return with_saved(outcome(number, made), order)
        no = _refused_before(payment)
        if no is not None:
            reason = codes.reason(no.code)
            return PageOutcome(PageState.DECLINED, number, no.code, no.message, closed=True, reason=reason)
        if state == "APPROVED":
            return PageOutcome(PageState.AGREED, number, amount=unit_amount(order))
        if state in ("CREATED", "PAYER_ACTION_REQUIRED", "SAVED"):
            return PageOutcome(PageState.OPEN, number - 1, state)
        if state == "VOIDED":
            return PageOutcome(PageState.OPEN, number - 1, state, closed=True)
        raise OutcomeUnknown("PayPal does not say what became of the order")

    def close_page(self, payment: Payment) -> PageOutcome:
        """It has no call for that; what a buyer agrees to later is never authorised."""
        return self.page_outcome(payment)

    def authorise(self, payment: Payment, operation: Operation) -> Answer:
        if operation.amount != payment.amount:
            return Answer(State.REFUSED, "another_amount", "Nobody agreed to this amount")
        verb = "authorize" if operation.kind is Kind.PREAUTH else "capture"
        path = f"v2/checkout/orders/{payment.page_id}/{verb}"
        said = self._call(payment, Call(verb, "POST", path, key=wire_key(payment, operation.key)))
        order = self._ask(payment) if said.issue in codes.DONE_BEFORE else said.body
        made = (authorised(order) or taken(order)) if said.done or said.issue in codes.DONE_BEFORE else None
        if made is not None:
            return placed(made)
        if said.done:
            raise OutcomeUnknown("PayPal does not say what came of the order")
        # An order that was refused is agreed to no more, and says so by its number in the journal.
        return refused(said, None if said.issue in codes.NOT_AGREED else payment.page_id)

    def capture(self, payment: Payment, operation: Operation) -> Answer:
        if unfit := _unfit(payment, operation):
            return unfit
        key, held = wire_key(payment, operation.key), self._hold(payment)
        if not held:
            return Answer(State.REFUSED, "nothing_held", "Nothing was authorised for this payment")
        body = {"amount": to_paypal(operation.amount), "final_capture": True, "invoice_id": key}
        said = self._call(payment, Call("capture", "POST", f"v2/payments/authorizations/{held}/capture", body, key))
        return booked(said.body) if said.done else self._instead(payment, operation, said)

    def void(self, payment: Payment, operation: Operation) -> Answer:
        if unfit := _unfit(payment, operation):
            return unfit
        held = self._hold(payment)
        if not held:
            return Answer(State.REFUSED, "nothing_held", "Nothing was authorised for this payment")
        # Under the first key a failure of PayPal's own might be repeated; a hold is voided once whatever the key.
        key = wire_key(payment, operation.key) + (f"-{operation.asks}" if operation.asks else "")
        said = self._call(payment, Call("void", "POST", f"v2/payments/authorizations/{held}/void", key=key))
        if said.issue in codes.GONE:
            return Answer(
                State.SUCCEEDED, codes.DONE if operation.sent_before else "already_released", reference=held
            )
        return Answer(State.SUCCEEDED, codes.DONE, reference=held) if said.done else refused(said)

    def refund(self, payment: Payment, operation: Operation) -> Answer:
        if unfit := _unfit(payment, operation):
            return unfit
        moved = payment.done(Kind.CAPTURE, Kind.SALE)
        capture = (moved[-1].reference if moved else None) or word(taken(self._ask(payment)) or {}, "id")
        if not moved or not capture:
            return Answer(State.REFUSED, "nothing_captured", "Nothing was captured")
        key = wire_key(payment, operation.key)
        body = {"amount": to_paypal(operation.amount), "custom_id": key}
        said = self._call(payment, Call("refund", "POST", f"v2/payments/captures/{capture}/refund", body, key))
        return booked(said.body) if said.done else self._instead(payment, operation, said)

    def charge(self, payment: Payment, operation: Operation, token: str) -> Answer:
        return _unfit(payment, operation) or self._saved.charge(payment, operation, token)

    def delete_token(self, card: SavedCard, token: str) -> Answer:
        return self._saved.forget(card, token)

    def lookup(self, payment: Payment, operation: Operation) -> Answer | None:
        """None also for a void, which may be made again: it says what came of it."""
        if operation.kind is Kind.SALE and payment.saved_card is not None:
            return self._saved.found(payment, operation)
        order = self._ask(payment)
        key = wire_key(payment, operation.key)
        if operation.kind in (Kind.PREAUTH, Kind.SALE):
            made = authorised(order) or taken(order)
            return placed(made) if made is not None else None
        if operation.kind is Kind.CAPTURE:
            found = [one for one in payments(order, "captures") if word(one, "invoice_id") == key]
        elif operation.kind is Kind.REFUND:
            found = [one for one in payments(order, "refunds") if word(one, "custom_id") == key]
        else:
            return None
        return booked(found[0]) if found else None

    @property
    def _saved(self) -> SavedAccounts:
        return SavedAccounts(self._call, self.settings.now)

    def _open(self, payment: Payment, body: Mapping[str, Any], key: str) -> Said:
        return self._call(payment, Call("open", "POST", "v2/checkout/orders", body, key, question=True))

    def _ask(self, payment: Payment) -> Mapping[str, Any]:
        name = payment.page_id if payment.saved_card is None else self._saved.order_of(payment)
        said = self._call(payment, Call("order", "GET", f"v2/checkout/orders/{name}"))
        if not said.done:
            raise OutcomeUnknown("PayPal does not know the order of this payment")
        return said.body

    def _instead(self, payment: Payment, operation: Operation, said: Said) -> Answer:
        """What a refusal means where it may be for what was done before under our key."""
        found = self.lookup(payment, operation) if said.issue in codes.MAY_BE_OURS else None
        return found or refused(said)

    def _hold(self, payment: Payment) -> str:
        """The authorisation's number; asked for when the journal has none."""
        held = payment.done(Kind.PREAUTH)
        return (held[-1].reference if held else None) or word(authorised(self._ask(payment)) or {}, "id")

    def _call(self, owner: Owned, call: Call) -> Said:
        return self.settings.signed_in(
            owner, NAME, lambda known: asked(self.settings.http, owner.environment, known, call)
        )


def _refused_before(payment: Payment) -> Operation | None:
    """The refusal of this order in the journal: it bears the order's own number."""
    placed = [op for op in payment.operations if op.kind in (Kind.PREAUTH, Kind.SALE) and op.state is State.REFUSED]
    return next((op for op in placed if op.reference == payment.page_id), None)


def _unfit(payment: Payment, operation: Operation) -> Answer | None:
    """Why an amount is not even sent. PayPal itself would capture somewhat more than was authorised."""
    if other := in_another_currency(payment, operation):
        return other
    if operation.amount.minor > payment.amount.minor:
        return Answer(State.REFUSED, "amount_too_large", "The payment is smaller")
    try:
        to_paypal(operation.amount)
    except Unprocessable as error:
        return Answer(State.REFUSED, error.error_code, str(error))
    return None
