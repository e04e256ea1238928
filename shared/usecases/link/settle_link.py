"""What a payment means for its link: paid, or money that came too late and goes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.errors import NotFound
from shared.domain.event import Event, EventType, Facts, LinkFacts
from shared.domain.ids import LinkId
from shared.domain.payment import PAID, PAYGLOBE, Payment, Status
from shared.domain.payment_link import PaymentLink
from shared.domain.statuses import LinkStatus
from shared.ports.links import Links
from shared.ports.payments import Payments
from shared.ports.world import World
from shared.usecases.contended import Overtaken, stored, until_written
from shared.usecases.refund.give_back import send_back

LINK: Final = "the payment link"
_TOLD: Final = {
    LinkStatus.PAID: EventType.LINK_PAID,
    LinkStatus.EXPIRED: EventType.LINK_EXPIRED,
    LinkStatus.CANCELLED: EventType.LINK_CANCELLED,
}
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
        return current if changed is None else write_link(current, changed, world=world, links=links)

    return until_written(link, write, what=LINK, pause=world.pause)


def write_link(
    before: PaymentLink, after: PaymentLink, *, world: World, links: Links
) -> PaymentLink | Overtaken[PaymentLink]:
    """Write a changed link if nobody else did. A change of status is told where its family is told of links."""
    if before.status is after.status or after.family == PAYGLOBE:
        return stored(after, links.save(after))
    now = world.now()
    told = replace(after, updated_at=now, sequence=before.sequence + 1)
    event = Event(
        id=world.event_id(now, told.sequence.to_bytes(2, "big") + world.entropy(8), told.id),
        type=_TOLD[told.status],
        merchant_id=told.merchant_id,
        environment=told.environment,
        subject=told.id,
        sequence=told.sequence,
        created_at=now,
        facts=Facts(link=link_facts(told, told.status)),
        family=told.family,
    )
    return stored(told, links.save(told, [event]))


def link_facts(link: PaymentLink, status: LinkStatus) -> LinkFacts:
    return LinkFacts(
        id=link.id,
        status=status,
        amount=link.amount,
        url=link.url,
        created_at=link.created_at,
        updated_at=link.updated_at or link.created_at,
        expires_at=link.expires_at,
        customer_id=link.customer_id,
        remind_every=link.remind_every,
        family_data=link.family_data,
    )


def _settle(link: PaymentLink, payment: Payment, world: World, links: Links) -> PaymentLink:
    if payment.status not in PAID:
        return link
    link = change_link(link, lambda current, now: current.paid_by(payment), world=world, links=links)
    paid_it = link.status is LinkStatus.PAID and link.opening and link.opening.payment_id == payment.id
    if not paid_it and payment.status is not Status.REFUNDED:
        send_back(payment, TOO_LATE, world=world)
    return link
