"""Stripe's methods that are no card: a payment intent that is confirmed at once, and paid at a bank or a counter.

One intent stands for one beginning. It is made under a key, so that asking again finds the same; its number is kept,
and where it was lost the intent is found by that key in its metadata. Money comes whole or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from shared.adapters.card_gateways.calls import Call, in_another_currency
from shared.adapters.card_gateways.stripe_refunds import Refunds
from shared.adapters.card_gateways.stripe_wire import Said, asked
from shared.adapters.reading import part, word
from shared.adapters.settings import ConnectorSettings, Owned
from shared.adapters.stripe_amounts import from_stripe, to_stripe
from shared.adapters.wire_keys import wire_key
from shared.domain.errors import InvalidAmount, OutcomeUnknown, Refused, Unprocessable
from shared.domain.method import STRIPE_METHODS
from shared.domain.operation import Answer, Operation, State
from shared.domain.payment import Payment
from shared.domain.record import dataclass
from shared.ports.methods import Begun, MethodOutcome, MethodState, Receipt

NAME: Final = STRIPE_METHODS
_DAY: Final = 86_400
_MOST_DAYS: Final = 7  # that a slip of OXXO lasts
# What our clock and Stripe's may differ by, and how long it may be tried to begin.
_EARLIER, _LATER = timedelta(minutes=3), timedelta(days=1)
_WAITS: Final = "requires_action"
_ARRIVES: Final = "processing"
_PAID: Final = (_ARRIVES, "succeeded")
_OVER: Final = ("canceled", "requires_payment_method")  # which nobody can pay as it is
_TIME_IS_OVER: Final = "payment_intent_payment_attempt_expired"
_NO_MONEY: Final = Answer(State.REFUSED, "nothing_captured", "No money came for this payment")
_NOT_SUPPORTED: Final = Answer(State.REFUSED, "refund_not_supported", "This method cannot give money back")


@dataclass(frozen=True, slots=True)
class _Method:
    """How Stripe calls it and in which currencies it is paid. ``slip``: paid at a counter, in cash that stays."""

    kind: str
    currencies: frozenset[str]
    slip: bool = False


_EURO: Final = frozenset({"EUR"})
METHODS: Final[Mapping[str, _Method]] = {
    "ideal": _Method("ideal", _EURO),
    "bancontact": _Method("bancontact", _EURO),
    "przelewy24": _Method("p24", frozenset({"EUR", "PLN"})),
    "oxxo": _Method("oxxo", frozenset({"MXN"}), slip=True),
}


@dataclass(frozen=True, slots=True)
class StripeMethodProvider:
    """The port ``MethodProvider``. ``handle`` of what was begun is the payment intent's number."""

    settings: ConnectorSettings
    _expanded: Mapping[str, str] = field(default_factory=lambda: {"expand[]": "latest_charge"}, repr=False)

    def begin(self, payment: Payment) -> Begun:
        intent = self._made(payment)
        status = word(intent, "status")
        if status in _OVER:
            raise Refused("Stripe does not begin this payment", code="method_refused")
        if status not in (_WAITS, *_PAID):
            raise OutcomeUnknown("Stripe does not say what became of this payment")
        return _begun(payment, intent, self.settings.now())

    def outcome(self, payment: Payment) -> MethodOutcome:
        intent = self._known(payment)
        return outcome_of(intent) if intent is not None else MethodOutcome(MethodState.OPEN)

    def close(self, payment: Payment) -> MethodOutcome:
        """One that was never begun is begun and cancelled: whoever would begin it later finds it so."""
        intent = self._known(payment)
        if intent is None:
            try:
                intent = self._made(payment)
            except Refused as refusal:
                return MethodOutcome(MethodState.EXPIRED, refusal.error_code, closed=True)
        form = {"cancellation_reason": "abandoned", **self._expanded}
        path = f"payment_intents/{word(intent, 'id')}"
        said = self._call(payment, Call("cancel", "POST", f"{path}/cancel", form, question=True))
        return outcome_of(said.body if said.done else self._asked(payment, word(intent, "id")))

    def refund(self, payment: Payment, operation: Operation) -> Answer:
        self._signed_in(payment)
        if other := in_another_currency(payment, operation):
            return other
        method = METHODS.get(payment.method)
        if method is None or method.slip:
            return _NOT_SUPPORTED
        intent = self._known(payment)
        if intent is None or word(intent, "status") != "succeeded":
            return _NO_MONEY
        return Refunds(self._call).give_back(payment, operation, word(intent, "id"))

    def lookup(self, payment: Payment, operation: Operation) -> Answer | None:
        intent = self._known(payment)
        if intent is None:
            return None
        return Refunds(self._call).given_back(payment, operation, word(intent, "id"))

    def _made(self, payment: Payment) -> Mapping[str, Any]:
        """The payment's intent as it stands now, made if there is none. Raises Refused where Stripe takes none."""
        self._signed_in(payment)
        form = _form(payment, _fit(payment))
        key = _key(payment)
        said = self._call(payment, Call("begin", "POST", "payment_intents", form, key))
        if not said.done:
            raise Refused(f"Stripe does not begin this payment ({said.code})", code="method_refused")
        # The answer under this key stays what it was first; what became of it since, the intent says.
        return self._asked(payment, word(said.body, "id"))

    def _known(self, payment: Payment) -> Mapping[str, Any] | None:
        self._signed_in(payment)
        choice = payment.method_choice
        if choice is not None and choice.handle:
            return self._asked(payment, choice.handle)
        since = (choice.begun_at if choice else None) or payment.created_at
        window = {
            "created[gte]": str(int((since - _EARLIER).timestamp())),
            "created[lte]": str(int((since + _LATER).timestamp())),
        }
        found = Refunds(self._call).listed(payment, "payment_intents", window, "operation", _key(payment))
        return self._asked(payment, word(found, "id")) if found is not None else None

    def _asked(self, payment: Payment, name: str) -> Mapping[str, Any]:
        said = self._call(payment, Call("intent", "GET", f"payment_intents/{name}", self._expanded))
        if not said.done:
            raise OutcomeUnknown("Stripe does not say what became of this payment")
        return said.body

    def _signed_in(self, owner: Owned) -> None:
        """Raises GatewayNotConfigured."""
        self.settings.credentials.of(owner.merchant_id, owner.environment, NAME)

    def _call(self, owner: Owned, call: Call) -> Said:
        return self.settings.signed_in(
            owner, NAME, lambda known: asked(self.settings.http, owner.environment, known, call)
        )


def _key(payment: Payment) -> str:
    """The same as often as one beginning is asked for; of the next choice another, because its fields are others."""
    began = payment.method_choice.begun_at if payment.method_choice else None
    return wire_key(payment, f"{payment.id}:begin:{began.isoformat() if began else ''}")


def outcome_of(intent: Mapping[str, Any]) -> MethodOutcome:
    status = word(intent, "status")
    if status == "succeeded":
        receipt = Receipt(word(part(intent, "latest_charge"), "id") or word(intent, "id"), _received(intent))
        return MethodOutcome(
            MethodState.PAID, "00", "Done", reference=receipt.number, received=(receipt,), closed=True
        )
    if status in (_WAITS, _ARRIVES):
        return MethodOutcome(MethodState.PENDING if status == _WAITS else MethodState.ARRIVING, status)
    if status == "canceled":
        return MethodOutcome(MethodState.EXPIRED, status, "It was closed", closed=True)
    error = part(intent, "last_payment_error")
    if status != "requires_payment_method" or not error:
        raise OutcomeUnknown("Stripe does not say what became of this payment")
    code = word(error, "decline_code") or word(error, "code") or status
    return MethodOutcome(_why(code), code, word(error, "message"))


def _why(code: str) -> MethodState:
    if code == _TIME_IS_OVER:
        return MethodState.EXPIRED
    return MethodState.FAILED if code == "processing_error" else MethodState.REJECTED


def _received(intent: Mapping[str, Any]) -> Any:
    minor = intent.get("amount_received")
    if isinstance(minor, bool) or not isinstance(minor, int):
        raise OutcomeUnknown("Stripe does not say how much came")
    try:
        return from_stripe(minor, word(intent, "currency").upper())
    except InvalidAmount as error:
        raise OutcomeUnknown("Stripe does not say how much came") from error


def _fit(payment: Payment) -> _Method:
    """Raises Refused for what Stripe has no such method for."""
    method = METHODS.get(payment.method)
    if method is None or payment.method_choice is None:
        raise Refused("Stripe has no such method", code="method_refused")
    if payment.due.currency not in method.currencies:
        raise Refused(f"this method is not paid in {payment.due.currency}", code="method_refused")
    return method


def _form(payment: Payment, method: _Method) -> dict[str, str]:
    try:
        amount = str(to_stripe(payment.due))
    except Unprocessable as error:
        raise Refused(str(error), code="method_refused") from error
    payer, choice = payment.payer, payment.method_choice
    name = " ".join(filter(None, (payer.first_name, payer.last_name))) if payer else ""
    form = {
        "amount": amount,
        "currency": payment.due.currency.lower(),
        "allowed_payment_method_types[0]": method.kind,
        "payment_method_data[type]": method.kind,
        "payment_method_data[billing_details][name]": name,
        "payment_method_data[billing_details][email]": payment.email or "",
        "confirm": "true",
        "return_url": "" if method.slip else _way_back(payment),
        "metadata[operation]": _key(payment),
        "metadata[transactionId]": payment.id,
    }
    if method.slip and choice is not None:
        days = min(max(choice.seconds // _DAY, 1), _MOST_DAYS)
        form["payment_method_options[oxxo][expires_after_days]"] = str(days)
    return {name: value for name, value in form.items() if value}


def _way_back(payment: Payment) -> str:
    """Our own page of the payment: it shows how that stands and leads on to the shop."""
    return f"{payment.pages_origin}/pay/method/?id={payment.id}"


def _begun(payment: Payment, intent: Mapping[str, Any], now: datetime) -> Begun:
    handle, action = word(intent, "id"), part(intent, "next_action")
    slip = part(action, "oxxo_display_details")
    url = word(slip, "hosted_voucher_url") or word(part(action, "redirect_to_url"), "url")
    if not url and word(intent, "status") not in _PAID:
        raise OutcomeUnknown("Stripe does not say where this payment is paid")
    choice = payment.method_choice
    assert choice is not None
    ends = (choice.begun_at or now) + timedelta(seconds=choice.seconds)
    over = slip.get("expires_after")
    if isinstance(over, int) and not isinstance(over, bool):
        ends = min(ends, datetime.fromtimestamp(over, UTC))
    return Begun(word(slip, "number") or handle, url or None, ends, handle)
