"""Withdraw a payment link that nobody has paid."""

from __future__ import annotations

from dataclasses import replace

from shared.domain.errors import InProgress, StaleWrite
from shared.domain.payment import PAID, Ending, Failure, Payment
from shared.domain.payment_link import LinkStatus, PaymentLink, check_pending, is_completing
from shared.ports.links import Links
from shared.ports.world import World
from shared.usecases.end_checkout import end_checkout
from shared.usecases.settle_link import MOST_TRIES, standing


def cancel_link(link: PaymentLink, *, world: World, links: Links) -> PaymentLink:
    """The link as CANCELLED; a payment of it that somebody has begun is ended and its hold released.

    Raises IllegalTransition when the link is paid, expired or cancelled, InProgress while its payment is being
    completed.
    """
    for attempt in range(MOST_TRIES):
        link, payment = standing(link, world=world, links=links)
        check_pending(link, world.now(), payment)
        if payment is not None and not _ended(payment, world):
            link = links.get(link.id)  # it was paid at this moment
            continue
        cancelled = link.closed(LinkStatus.CANCELLED)
        current = links.save(cancelled)
        if current is None:
            return replace(cancelled, version=cancelled.version + 1)
        link = current
        world.pause(attempt)
    raise StaleWrite("the payment link is being changed by too many calls at once; try again")


def _ended(payment: Payment, world: World) -> bool:
    failure = Failure("cancelled", "The shop withdrew the payment link")
    payment = end_checkout(payment, Ending.CANCELLED, failure, world=world)
    if is_completing(payment):
        raise InProgress("a payment of this link is being completed")
    return payment.status not in PAID
