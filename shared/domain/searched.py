"""The words and numbers that a payment is found by."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.domain.payment import Payment


def searched(payment: Payment) -> str:
    """Its own number and everybody else's, its description, its payer, the card's last digits; in small letters.

    Nothing that is secret is in it, and of a card no more than is shown everywhere.
    """
    payer = payment.payer
    named = (payment.id, payment.page_id, payment.reference, payment.order_id, payment.link_id)
    person = (payment.email, payment.customer_id, *((payer.first_name, payer.last_name) if payer else ()))
    gateway = dict.fromkeys(done.reference for done in payment.operations)
    told = (*named, payment.description, *person, payment.card and payment.card.last4)
    return "\n".join(part for part in (*told, *payment.refunds, *payment.disputes, *gateway) if part).casefold()
