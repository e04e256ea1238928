"""Ask the other side how the payment of a link stands, and mend our records."""

from __future__ import annotations

from shared.domain.payment import Payment
from shared.domain.payment_link import PaymentLink
from shared.ports.links import Links
from shared.ports.world import World
from shared.usecases.link.settle_link import its_payment, standing
from shared.usecases.payment.ask_open import ask_open


def verify_link(link: PaymentLink, *, world: World, links: Links) -> tuple[PaymentLink, Payment | None]:
    """The link and its payment after everything open about it was asked about. Safe at any time and to repeat."""
    payment = its_payment(link, payments=world.payments)
    if payment is None:
        return link, None
    ask_open(payment, world=world)
    return standing(links.get(link.id), world=world, links=links)
