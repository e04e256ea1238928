"""Housekeeping of payment links: remind, expire, and learn of payments nobody told us about."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.course import LONGEST_LOOK
from shared.domain.payment import PAID, Ending, Failure
from shared.domain.payment_link import LOOK_AGAIN, Opening, PaymentLink, is_completing
from shared.domain.statuses import LinkStatus
from shared.ports.links import Links
from shared.ports.world import World
from shared.usecases.housekeeping.sweeping import Looking, Shift, Swept
from shared.usecases.link.send_link import send_reminder
from shared.usecases.link.settle_link import TOO_LATE, change_link, settle_link, standing
from shared.usecases.payment.end_checkout import end_checkout


def sweep_links(limit: int, *, world: World, links: Links, shift: Shift | None = None) -> Swept:
    """Look after every link that is due; one that fails or hangs stops no other."""
    how = Looking(
        links.get,
        lambda link: look_after_link(link, world=world, links=links),
        # Ending a payment may mean to wait for whichever gateway its merchant has.
        lane=lambda link: f"{link.merchant_id}#{link.environment}",
        put_back=lambda link_id: change_link(links.get(link_id), _later, world=world, links=links),
    )
    return (shift or Shift(world.now)).look_at_all(links.due(world.now(), limit), how)


def look_after_link(link: PaymentLink, *, world: World, links: Links) -> PaymentLink:
    """Expire a link that was just read whose time is up, or send its reminder. Safe to repeat.

    A payment that its customer completed in time is waited for.
    """
    link, payment = standing(link, world=world, links=links)
    if link.status is not LinkStatus.PENDING:
        return link
    if not link.is_over(world.now()):
        return _reminded(link, world, links)
    if payment is not None:
        payment = end_checkout(payment, Ending.EXPIRED, Failure("expired", TOO_LATE), world=world)
    if payment is not None and payment.status in PAID:  # at this moment
        return settle_link(payment, world=world, links=links) or link
    if payment is not None and is_completing(payment):  # chosen in time: it will pay this link, or give back
        return change_link(link, _waiting, world=world, links=links)
    return change_link(link, lambda current, now: _expired(current, link.opening), world=world, links=links)


def _expired(link: PaymentLink, seen: Opening | None) -> PaymentLink | None:
    """None also for a payment that was begun after we looked: it is looked at in its turn."""
    return link.closed(LinkStatus.EXPIRED) if link.status is LinkStatus.PENDING and link.opening == seen else None


def _reminded(link: PaymentLink, world: World, links: Links) -> PaymentLink:
    if link.remind_at is None or link.remind_at > world.now():
        return link
    send_reminder(link, messenger=world.messenger)
    return change_link(link, _without_reminder, world=world, links=links)


def _without_reminder(link: PaymentLink, now: datetime) -> PaymentLink | None:
    if link.status is not LinkStatus.PENDING or link.remind_at is None:
        return None
    if not link.remind_every:
        return link.reminded_at(link.remind_at)
    often = timedelta(days=link.remind_every)
    # Those whose time passed while nobody was there, or no mail left, are made up for by this one.
    return link.reminded_at(now - (now - link.remind_at) % often)


def _waiting(link: PaymentLink, now: datetime) -> PaymentLink | None:
    """After as long again as the link has been over, from a minute to an hour: the payment's event comes first."""
    if link.status is not LinkStatus.PENDING:
        return None
    return replace(link, due_at=now + min(max(now - link.expires_at, LOOK_AGAIN), LONGEST_LOOK))


def _later(link: PaymentLink, now: datetime) -> PaymentLink | None:
    return None if link.due_at is None else replace(link, due_at=now + LOOK_AGAIN)
