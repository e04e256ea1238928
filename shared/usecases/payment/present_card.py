"""A card that a merchant's server hands over: given to the gateway at once, its holder asked, then charged.

The number and its code are in ``CardData`` and nowhere else: not in a payment, an event, an error or a log.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shared.domain.card import CardPage
from shared.domain.errors import IllegalTransition, OutcomeUnknown, Unavailable
from shared.domain.ids import PaymentId
from shared.domain.payment import Payment
from shared.domain.record import dataclass
from shared.ports.world import World
from shared.usecases.payment.record_card_outcome import record_card_outcome, take_outcome

if TYPE_CHECKING:
    from shared.domain.card_data import CardData


@dataclass(frozen=True, slots=True)
class Authenticated:
    """The payment after its holder's answer; ``tries_left`` above 0: the code was wrong and may be entered again."""

    payment: Payment
    tries_left: int = 0


def with_card(payment: Payment, card: CardData, *, world: World) -> Payment:
    """The payment, whose page is open, with its card presented at the gateway; nothing is written, no money moves.

    Raises InvalidRequest for a card that is not taken, Unprocessable at a gateway that takes none this way, and
    Unavailable when it does not answer: the same may be done again.
    """
    try:
        step = world.gateways.card(payment).present_card(payment, card)
    except OutcomeUnknown as error:
        raise Unavailable("the card gateway does not answer; try again") from error
    payment = replace(payment, card=step.card, challenge=step.challenge)
    if not step.url:
        return payment
    page = payment.card_page or CardPage(payment.page_number, payment.page_id, world.now())
    return replace(payment, card_page=replace(page, url=step.url))


def authenticate(payment_id: PaymentId, code: str | None, *, world: World) -> Authenticated:
    """Take the answer of the presented card's holder, and charge what they agreed to.

    The payment is SUCCESS or FAILED then, or PENDING while the gateway's answer is missing: housekeeping asks on.
    Safe to repeat: what is over, or under way, is answered as it stands. Raises IllegalTransition where no card was
    presented, InvalidRequest when a code is asked for and missing, and Unavailable when the gateway is down.
    """
    payment = world.payments.get(payment_id)
    if payment.challenge is None:
        raise IllegalTransition("no card was presented for this payment", code="no_card_presented")
    if not payment.takes_card or payment.is_expired(world.now()):
        return Authenticated(payment)
    try:
        outcome = world.gateways.card(payment).authenticate(payment, code)
    except OutcomeUnknown:  # heard or not: its page knows
        return Authenticated(record_card_outcome(payment.id, world=world, known=payment))
    return Authenticated(take_outcome(payment, outcome, world=world), outcome.tries_left)
