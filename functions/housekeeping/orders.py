"""Every minute: mark orders whose time is up, and record what ended unheard."""

from __future__ import annotations

from shared.bootstrap import core
from shared.edge.sweeping import sweeping
from shared.usecases.order.look_after_orders import sweep_orders

handler = sweeping(
    "orders",
    "order not looked after",
    lambda limit, shift: sweep_orders(limit, world=core.world(), orders=core.orders(), shift=shift),
)
