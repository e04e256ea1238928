"""Withdraw a payment link that nobody has paid."""

from __future__ import annotations

from shared.domain.errors import InProgress
from shared.domain.payment import PAID, Ending, Failure, Payment
from shared.domain.payment_link import PaymentLink, check_pending, is_completing
from shared.domain.statuses import LinkStatus
from shared.ports.links import Links
from shared.ports.world import World
from shared.usecases.contended import Overtaken, until_written
from shared.usecases.link.settle_link import LINK, standing, write_link
from shared.usecases.payment.end_checkout import end_checkout


def cancel_link(link: PaymentLink, *, world: World, links: Links) -> PaymentLink:
    """The link as CANCELLED; a payment of it that somebody has begun is ended and its hold released.

    Raises IllegalTransition when the link is paid, expired or cancelled, InProgress while its payment is being
    completed.
    """

    def write(current: PaymentLink) -> PaymentLink | Overtaken[PaymentLink]:
        current, payment = standing(current, world=world, links=links)
        check_pending(current, world.now(), payment)
        if payment is not None and not _ended(payment, world):
            return Overtaken(links.get(current.id))  # it was paid at this moment
        return write_link(current, current.closed(LinkStatus.CANCELLED), world=world, links=links)

    return until_written(link, write, what=LINK, pause=world.pause)


def _ended(payment: Payment, world: World) -> bool:
    failure = Failure("cancelled", "The shop withdrew the payment link")
    payment = end_checkout(payment, Ending.CANCELLED, failure, world=world)
    if is_completing(payment):
        raise InProgress("a payment of this link is being completed")
    return payment.status not in PAID
