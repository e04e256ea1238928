"""Ask the gateway how the payment of a link stands, and mend our records."""

from __future__ import annotations

from contextlib import suppress

from shared.domain.errors import NotFound
from shared.domain.payment_link import PaymentLink
from shared.ports.links import Links
from shared.ports.world import World
from shared.usecases.record_card_outcome import record_card_outcome
from shared.usecases.settle_link import standing


def verify_link(link: PaymentLink, *, world: World, links: Links) -> PaymentLink:
    """The link after its payment's page was asked about at the gateway. Safe at any time and to repeat."""
    if link.opening is not None:
        with suppress(NotFound):  # reserved and not started
            record_card_outcome(link.opening.payment_id, world=world)
    return standing(link, world=world, links=links)[0]
