"""Cards that a merchant's server presents at Stripe: a payment intent in the place of a page.

The intent is made first and the card put to it; nobody is charged before it is confirmed. That its holder was asked
stands in the intent, with the card that they were asked about: another one is not covered by it. Confirmed, it
is charged, or its bank wants the holder: then it waits, and is charged when they have been there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from shared.adapters.card_gateways import stripe_codes as codes
from shared.adapters.card_gateways.calls import Call
from shared.adapters.card_gateways.stripe_answers import refused
from shared.adapters.card_gateways.stripe_page import approved_outcome, failed_outcome, paid_amount
from shared.adapters.card_gateways.stripe_wire import Said
from shared.adapters.reading import part, word
from shared.adapters.stripe_amounts import to_stripe
from shared.adapters.wire_keys import wire_key
from shared.domain.card import Card, Challenge
from shared.domain.decline import Decline
from shared.domain.errors import IllegalTransition, InvalidRequest, OutcomeUnknown, Unprocessable
from shared.domain.ids import PageId
from shared.domain.operation import Answer, Operation, State
from shared.domain.record import dataclass
from shared.ports.connectors import CardStep, Page, PageOutcome, PageRequest, PageState

if TYPE_CHECKING:
    from shared.adapters.settings import Owned
    from shared.domain.card_data import CardData
    from shared.domain.payment import Payment

ALLOWED: Final = "raw_cards"  # the setting by which a merchant says that Stripe lets it send card numbers
_INTENT: Final = "pi_"
_EXPANDED: Final = {"expand[]": "latest_charge"}
_BACK: Final = "return_url"
_HELD: Final = frozenset({"requires_capture", "succeeded"})
_NOT_AGREED: Final = Answer(State.REFUSED, "not_agreed", "Nobody agreed to this payment")
_OTHER_AMOUNT: Final = Answer(State.REFUSED, "another_amount", "Nobody agreed to this amount")


def is_presented(payment: Payment) -> bool:
    return payment.page_id.startswith(_INTENT)


@dataclass(frozen=True, slots=True)
class PresentedCards:
    """``call`` makes one call of the owner's account. ``setting`` is what its connector's settings say."""

    call: Callable[[Owned, Call], Said]
    setting: Callable[[Owned, str], str]

    def open(self, request: PageRequest) -> Page:
        """The intent of a payment whose card is in its merchant's hands."""
        payment = request.payment
        self._check_allowed(payment)
        form = {
            "amount": str(to_stripe(payment.amount)),
            "currency": payment.amount.currency.lower(),
            "allowed_payment_method_types[0]": "card",
            "capture_method": "automatic" if request.sale else "manual",
            "metadata[transactionId]": payment.id,
        }
        key = wire_key(payment, f"{payment.id}:presented:{request.try_number}")
        said = self.call(payment, Call("intent.made", "POST", "payment_intents", form, key, question=True))
        if not said.done:
            raise Unprocessable(f"the card gateway takes no card for this payment ({said.code})", code="refused")
        return Page(PageId(word(said.body, "id")), handle={_BACK: request.return_url}, framable=False)

    def present(self, payment: Payment, card: CardData) -> CardStep:
        self._check_allowed(payment)
        if not is_presented(payment):
            raise Unprocessable("a page was opened for this payment", code="not_supported")
        form = {
            "type": "card",
            "card[number]": card.number,
            "card[exp_month]": str(card.expiry_month),
            "card[exp_year]": str(card.expiry_year),
            "card[cvc]": card.cvv,
            "billing_details[name]": card.holder_name,
        }
        made = self.call(payment, Call("method.made", "POST", "payment_methods", form, question=True))
        if not made.done:
            raise _not_taken(made)
        put = {"payment_method": word(made.body, "id")}
        said = self.call(payment, Call("presented", "POST", _path(payment), put, question=True))
        if (not said.done and said.code == codes.IN_ANOTHER_STATE) or _agreed_to(said.body):
            raise IllegalTransition("this payment takes no card any more", code="card_presented")
        if not said.done:
            raise Unprocessable(f"the card gateway does not take this card ({said.code})", code="refused")
        return CardStep(Challenge.NONE, _masked(card, part(made.body, "card")))

    def authenticate(self, payment: Payment) -> PageOutcome:
        """Its holder is there and goes on: from then on it may be confirmed."""
        if not is_presented(payment):
            self.setting(payment, ALLOWED)
            raise Unprocessable("no card was presented for this payment", code="not_supported")
        intent = self.intent(payment)
        method = word(intent, "payment_method")
        if word(intent, "status") == "requires_confirmation" and method and not _agreed_to(intent):
            form = {"metadata[agreed]": method, **_EXPANDED}
            intent = self._whole(self.call(payment, Call("agreed", "POST", _path(payment), form, question=True)))
        return outcome_of(payment, intent)

    def authorise(self, payment: Payment, operation: Operation) -> Answer:
        if operation.amount != payment.amount:
            return _OTHER_AMOUNT
        intent = self.intent(payment)
        if (answer := _came_to(intent)) is not None:
            return answer
        if not _is_agreed(intent):
            return _NOT_AGREED
        back = payment.card_page.handle.get(_BACK, "") if payment.card_page else ""
        # Under the first key a failure of Stripe's own would be repeated for a day; an intent is confirmed once.
        key = wire_key(payment, operation.key) + (f"-{operation.asks}" if operation.asks else "")
        said = self.call(payment, Call("confirm", "POST", f"{_path(payment)}/confirm", {"return_url": back}, key))
        told = said.body if said.done else part(said.error, "payment_intent") or self.intent(payment)
        answer = _came_to(told)
        if answer is None and said.done:
            raise OutcomeUnknown("Stripe does not say what came of the card")
        return answer or refused(said)

    def found(self, payment: Payment) -> Answer | None:
        """What became of the confirmation; None when it never arrived."""
        return _came_to(self.intent(payment))

    def close(self, payment: Payment) -> PageOutcome:
        form = {"cancellation_reason": "abandoned", **_EXPANDED}
        said = self.call(payment, Call("cancel", "POST", f"{_path(payment)}/cancel", form, question=True))
        return outcome_of(payment, said.body if said.done else self.intent(payment))

    def intent(self, payment: Payment) -> Mapping[str, Any]:
        return self._whole(self.call(payment, Call("intent", "GET", _path(payment), _EXPANDED)))

    def _whole(self, said: Said) -> Mapping[str, Any]:
        if not said.done:
            raise OutcomeUnknown("Stripe does not say how the card of this payment stands")
        return said.body

    def _check_allowed(self, payment: Payment) -> None:
        if self.setting(payment, ALLOWED) != "true":
            raise Unprocessable("this card gateway takes cards on its own page alone", code="not_supported")


def outcome_of(payment: Payment, intent: Mapping[str, Any]) -> PageOutcome:
    """What the intent came to until now. One that waits for its holder's bank was agreed to."""
    number, status, charge = payment.page_number, word(intent, "status"), part(intent, "latest_charge")
    if status in _HELD and charge:
        return approved_outcome(number, intent, charge)
    if status == "processing":
        return PageOutcome(PageState.PENDING, number, status)
    if status in ("requires_payment_method", "canceled"):
        ended = PageOutcome(PageState.OPEN, number - 1, status, closed=status == "canceled")
        return failed_outcome(number, intent) or ended
    if status == "requires_action" or _is_agreed(intent):
        return PageOutcome(PageState.AGREED, number, amount=paid_amount(intent))
    if status == "requires_confirmation":
        return PageOutcome(PageState.OPEN, number - 1, status)
    raise OutcomeUnknown("Stripe does not say what became of the card")


def _came_to(intent: Mapping[str, Any]) -> Answer | None:
    """What the confirmation came to, UNKNOWN with an address while a bank waits for the holder; None: never made."""
    status, reference = word(intent, "status"), word(intent, "id")
    if status in _HELD:
        return Answer(State.SUCCEEDED, codes.DONE, reference=reference)
    if status == "requires_action":
        return Answer(State.UNKNOWN, url=word(part(intent, "next_action", "redirect_to_url"), "url"))
    if status == "processing":
        raise OutcomeUnknown("Stripe does not know yet what comes of the card")
    error = part(intent, "last_payment_error")
    if status == "canceled" or (status == "requires_payment_method" and error):
        said = Said(0, {"error": error or {"code": "canceled", "message": "It was not confirmed in time"}})
        return refused(said)
    return None


def _agreed_to(intent: Mapping[str, Any]) -> str:
    return word(part(intent, "metadata"), "agreed")


def _is_agreed(intent: Mapping[str, Any]) -> bool:
    """Whether the holder of the very card that is there now was asked, and nothing has been made of it yet."""
    method = word(intent, "payment_method")
    return word(intent, "status") == "requires_confirmation" and bool(method) and _agreed_to(intent) == method


def _path(payment: Payment) -> str:
    return f"payment_intents/{payment.page_id}"


def _masked(card: CardData, known: Mapping[str, Any]) -> Card:
    return Card(
        brand=word(known, "brand").upper(),
        last4=card.number[-4:],
        expiry=f"{card.expiry_month:02d}/{card.expiry_year % 100:02d}",
        holder_name=card.holder_name,
        first6=card.number[:6],
    )


def _not_taken(said: Said) -> Exception:
    """Stripe's own text may quote what was sent."""
    if said.reason is Decline.CARD_EXPIRED:
        return InvalidRequest("the card's expiry date has passed", code="card_expired")
    if said.reason is Decline.INVALID_CARD:
        return InvalidRequest("the card's number, date or code is not right", code="invalid_card")
    return Unprocessable(f"the card gateway takes no cards this way ({said.code})", code="not_supported")
