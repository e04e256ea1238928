"""Look after orders: those whose time is up, and those whose try ended unheard."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain.ids import OrderId
from shared.domain.order import LOOK_AGAIN, Order
from shared.domain.statuses import OrderStatus
from shared.ports.orders import Orders
from shared.ports.world import World
from shared.usecases.housekeeping.sweeping import Swept, look_at_all
from shared.usecases.order.settle_order import change_order, standing


def sweep_orders(limit: int, *, world: World, orders: Orders) -> Swept:
    """Look after every order that is due; one that fails stops no other."""
    return look_at_all(
        orders.due(world.now(), limit),
        lambda order_id: look_after_order(order_id, world=world, orders=orders),
        put_back=lambda order_id: change_order(orders.get(order_id), _later, world=world, orders=orders),
    )


def look_after_order(order_id: OrderId, *, world: World, orders: Orders) -> Order:
    """Record what its try came to, and expire an order whose time is up. A try under way is waited for.

    Safe to repeat.
    """
    order, _ = standing(orders.get(order_id), world=world, orders=orders)
    return change_order(
        order, lambda current, now: current.expired(now) or _later(current, now), world=world, orders=orders
    )


def _later(order: Order, now: datetime) -> Order | None:
    """None for what is looked at later anyway."""
    if order.status is not OrderStatus.ACTIVE or order.due_at is None or order.due_at > now:
        return None
    return replace(order, due_at=now + LOOK_AGAIN)
