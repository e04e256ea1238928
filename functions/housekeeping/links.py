"""Every minute: remind of payment links and mark those whose time is up."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.sweeping import sweeping
from shared.usecases.link.look_after_links import sweep_links

handler = sweeping(
    "links",
    "link not looked after",
    lambda limit, shift: sweep_links(limit, world=core.world(), links=core.links(), shift=shift),
)
