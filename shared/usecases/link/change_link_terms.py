"""Change how long a link can be paid, and how often its customer is reminded."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain.payment_link import PaymentLink, check_pending
from shared.ports.links import Links
from shared.ports.world import World
from shared.usecases.link.settle_link import change_link, standing


def change_link_terms(
    link: PaymentLink, *, expires_at: datetime | None, remind_every: int | None, world: World, links: Links
) -> PaymentLink:
    """The link with its new end and reminders; None leaves one. Raises IllegalTransition for a link that is over."""
    _, payment = standing(link, world=world, links=links)

    def decide(current: PaymentLink, now: datetime) -> PaymentLink | None:
        check_pending(current, now, payment)
        changed = replace(
            current,
            expires_at=expires_at or current.expires_at,
            remind_every=current.remind_every if remind_every is None else remind_every,
        )
        if changed == current:
            return None
        return replace(changed, updated_at=now).reminded_at(now)

    return change_link(link, decide, world=world, links=links)
