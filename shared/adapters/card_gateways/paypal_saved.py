"""PayPal accounts that are saved and charged again: the tokens of its vault.

A charge is two calls, because an order is found again by nothing but its number: an order that charges nobody is made
under a key of its own, and then captured from the saved account. Whoever asks what became of it makes the order
once more under that key, and is answered with the one that there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.card_gateways import paypal_codes as codes
from shared.adapters.card_gateways.calls import Call
from shared.adapters.card_gateways.paypal_answers import booked, refused, taken
from shared.adapters.card_gateways.paypal_order import order_without_buyer
from shared.adapters.card_gateways.paypal_wire import Said
from shared.adapters.reading import part, word
from shared.adapters.wire_keys import wire_key
from shared.domain.card import Initiator
from shared.domain.errors import NobodyKnows, OutcomeUnknown, Unavailable
from shared.domain.operation import Answer, Kind, Operation, State
from shared.domain.record import dataclass

if TYPE_CHECKING:
    from shared.adapters.settings import Owned
    from shared.domain.payment import Payment
    from shared.domain.saved_card import SavedCard
    from shared.ports.connectors import PageOutcome

_KEY_LASTS: Final = timedelta(hours=5, minutes=30)  # of the six hours that PayPal keeps the key of an order
# Of the buyer's own click, and of what was agreed to with no day and no amount named.
_PATTERNS: Final = {Initiator.CUSTOMER: "IMMEDIATE", Initiator.MERCHANT: "UNSCHEDULED_POSTPAID"}


def with_saved(outcome: PageOutcome, order: Mapping[str, Any]) -> PageOutcome:
    """``outcome`` of a paid order with the token of the account that was saved, and whose account it is."""
    wallet = part(order, "payment_source", "paypal")
    vault, payer = part(wallet, "attributes", "vault"), word(wallet, "account_id")
    if not vault:
        return outcome
    return replace(
        outcome,
        token=word(vault, "id") or None,
        token_comes=not word(vault, "id"),
        account=_masked(word(wallet, "email_address")),
        fingerprint=sha256(f"paypal:{payer}".encode()).hexdigest() if payer else None,
    )


@dataclass(frozen=True, slots=True)
class SavedAccounts:
    """What is done with tokens. ``call`` makes one call of the owner's business."""

    call: Callable[[Owned, Call], Said]
    now: Callable[[], datetime]

    def charge(self, payment: Payment, operation: Operation, token: str) -> Answer:
        made = self._order(payment, operation)
        if not made.done:
            return refused(made)
        initiator = payment.initiator or Initiator.CUSTOMER
        credential = {"payment_initiator": initiator.value, "usage": "SUBSEQUENT"}
        credential["usage_pattern"] = _PATTERNS[initiator]
        body = {"payment_source": {"paypal": {"vault_id": token, "stored_credential": credential}}}
        path = f"v2/checkout/orders/{word(made.body, 'id')}"
        said = self.call(payment, Call("charge", "POST", f"{path}/capture", body, wire_key(payment, operation.key)))
        order = self._known(payment, path) if said.issue in codes.DONE_BEFORE else said.body
        answer = _charged(order) if said.done or said.issue in codes.DONE_BEFORE else None
        if answer is None and said.done:
            raise OutcomeUnknown("PayPal does not say what came of the charge")
        return answer or refused(said)

    def forget(self, card: SavedCard, token: str) -> Answer:
        path = f"v3/vault/payment-tokens/{token}"
        said = self.call(card, Call("forget", "DELETE", path, question=True))
        gone = said.done or said.unknown_there
        if not gone and not self.call(card, Call("token.kept", "GET", path)).unknown_there:
            return refused(said)
        return Answer(State.SUCCEEDED)

    def found(self, payment: Payment, operation: Operation) -> Answer | None:
        """What became of a charge; None when it never arrived. Raises NobodyKnows when PayPal cannot tell."""
        if operation.reference:
            return booked(self._capture(payment, operation.reference))
        if self.now() - operation.started_at > _KEY_LASTS:
            raise NobodyKnows("PayPal has forgotten the key that this charge was made under")
        made = self._order(payment, operation)
        if made.issue in codes.OF_THE_BODY:
            return refused(made)
        if not made.done:
            raise OutcomeUnknown("PayPal does not say which order this charge stands in")
        return _charged(self._known(payment, f"v2/checkout/orders/{word(made.body, 'id')}"))

    def order_of(self, payment: Payment) -> str:
        """The number of the order that a charge stands in."""
        known = [charged.reference for charged in payment.done(Kind.SALE) if charged.reference]
        if not known:
            raise OutcomeUnknown("nobody knows the number of this charge at PayPal")
        return word(part(self._capture(payment, known[-1]), "supplementary_data", "related_ids"), "order_id")

    def _order(self, payment: Payment, operation: Operation) -> Said:
        """The order of a charge, made or found. Raises Unavailable: without its number nothing is charged."""
        key = wire_key(payment, f"{operation.key}:order")
        call = Call("order.made", "POST", "v2/checkout/orders", order_without_buyer(payment), key, question=True)
        try:
            made = self.call(payment, call)
        except OutcomeUnknown as error:
            raise Unavailable("PayPal makes no order now") from error
        if made.done and not word(made.body, "id"):
            raise Unavailable("PayPal makes no order now")
        return made

    def _known(self, payment: Payment, path: str) -> Mapping[str, Any]:
        said = self.call(payment, Call("order", "GET", path))
        if not said.done:
            raise OutcomeUnknown("PayPal does not know the order of this charge")
        return said.body

    def _capture(self, payment: Payment, name: str) -> Mapping[str, Any]:
        said = self.call(payment, Call("captured", "GET", f"v2/payments/captures/{name}"))
        if not said.done:
            raise OutcomeUnknown("PayPal does not know this charge")
        return said.body


def _charged(order: Mapping[str, Any]) -> Answer | None:
    """None where nothing was asked of a saved account yet."""
    made = taken(order)
    if made is not None:
        answer = booked(made)
        return answer if answer.succeeded else replace(answer, reason=codes.reason(answer.code))
    status = word(order, "status")
    if status == "PAYER_ACTION_REQUIRED":  # nobody leads the buyer there, so that nothing comes of it
        return Answer(State.REFUSED, status, "The buyer has to confirm it", reason=codes.reason(status))
    return None


def _masked(address: str) -> str:
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}" if name and host else ""
