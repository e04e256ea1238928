"""Look after orders: those whose time is up, and those whose try ended unheard."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain.order import LOOK_AGAIN, Order
from shared.domain.statuses import OrderStatus
from shared.ports.orders import Orders
from shared.ports.world import World
from shared.usecases.housekeeping.sweeping import Looking, Shift, Swept
from shared.usecases.order.settle_order import change_order, standing


def sweep_orders(limit: int, *, world: World, orders: Orders, shift: Shift | None = None) -> Swept:
    """Look after every order that is due; one that fails stops no other."""
    how = Looking(
        orders.get,
        lambda order: look_after_order(order, world=world, orders=orders),
        lane=lambda order: order.id,  # no gateway is asked: nobody waits for anybody
        put_back=lambda order_id: change_order(orders.get(order_id), _later, world=world, orders=orders),
    )
    return (shift or Shift(world.now)).look_at_all(orders.due(world.now(), limit), how)


def look_after_order(order: Order, *, world: World, orders: Orders) -> Order:
    """Record what the try of an order just read came to, and expire one whose time is up.

    A try under way is waited for. Safe to repeat.
    """
    order, _ = standing(order, world=world, orders=orders)
    return change_order(
        order, lambda current, now: current.expired(now) or _later(current, now), world=world, orders=orders
    )


def _later(order: Order, now: datetime) -> Order | None:
    """None for what is looked at later anyway."""
    if order.status is not OrderStatus.ACTIVE or order.due_at is None or order.due_at > now:
        return None
    return replace(order, due_at=now + LOOK_AGAIN)
