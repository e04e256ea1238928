"""What a payment means for its link: paid, or money that came too late and goes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from shared.domain.errors import NotFound
from shared.domain.ids import LinkId
from shared.domain.payment import PAID, Payment, Status
from shared.domain.payment_link import LinkStatus, PaymentLink
from shared.ports.links import Links
from shared.ports.payments import Payments
from shared.ports.world import World
from shared.usecases.contended import Overtaken, stored, until_written
from shared.usecases.refund.give_back import send_back

LINK: Final = "the payment link"
TOO_LATE: Final = "The payment link had expired or was cancelled"


def settle_link(payment: Payment, *, world: World, links: Links) -> PaymentLink | None:
    """Record that ``payment`` paid its link; a payment of a link that is over is refunded in full.

    Safe to repeat, and at any time: by the event stream, a read, verify and housekeeping at once. None for a
    payment without a link.
    """
    if payment.link_id is None:
        return None
    return _settle(links.get(LinkId(payment.link_id)), payment, world, links)


def standing(link: PaymentLink, *, world: World, links: Links) -> tuple[PaymentLink, Payment | None]:
    """The link as its payment left it, and that payment if it was started. Reads nothing for a link that is over."""
    payment = its_payment(link, payments=world.payments) if link.status is LinkStatus.PENDING else None
    return (link, None) if payment is None else (_settle(link, payment, world, links), payment)


def its_payment(link: PaymentLink, *, payments: Payments) -> Payment | None:
    """The link's payment; None before it was started."""
    if link.opening is None:
        return None
    try:
        return payments.get(link.opening.payment_id)
    except NotFound:  # reserved, and whoever did so did not come further
        return None


def change_link(
    link: PaymentLink, decide: Callable[[PaymentLink, datetime], PaymentLink | None], *, world: World, links: Links
) -> PaymentLink:
    """Write what ``decide`` makes of the link; again on the newer one if somebody wrote first."""

    def write(current: PaymentLink) -> PaymentLink | Overtaken[PaymentLink]:
        changed = decide(current, world.now())
        return current if changed is None else stored(changed, links.save(changed))

    return until_written(link, write, what=LINK, pause=world.pause)


def _settle(link: PaymentLink, payment: Payment, world: World, links: Links) -> PaymentLink:
    if payment.status not in PAID:
        return link
    link = change_link(link, lambda current, now: current.paid_by(payment), world=world, links=links)
    paid_it = link.status is LinkStatus.PAID and link.opening and link.opening.payment_id == payment.id
    if not paid_it and payment.status is not Status.REFUNDED:
        send_back(payment, TOO_LATE, world=world)
    return link
