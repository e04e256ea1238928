"""Look after orders: those whose time is up, and those whose try ended unheard."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain.course import LONGEST_LOOK
from shared.domain.order import LOOK_AGAIN, Order
from shared.domain.payment import Payment
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
    order, payment = standing(order, world=world, orders=orders)

    def decide(current: Order, now: datetime) -> Order | None:
        return current.expired(now) or _waiting(current, payment, now)

    return change_order(order, decide, world=world, orders=orders)


def _waiting(order: Order, payment: Payment | None, now: datetime) -> Order | None:
    """Looked at when its try should have ended, and then after as long again: the payment's event comes first.

    None for what is looked at later anyway.
    """
    if not _is_due(order, now):
        return None
    ends = payment.expires_at if payment is not None and payment.id == order.attempt else order.expires_at
    again = now + min(max(now - ends, LOOK_AGAIN), LONGEST_LOOK)
    return replace(order, due_at=max(ends + LOOK_AGAIN, again))


def _later(order: Order, now: datetime) -> Order | None:
    return replace(order, due_at=now + LOOK_AGAIN) if _is_due(order, now) else None


def _is_due(order: Order, now: datetime) -> bool:
    return order.status is OrderStatus.ACTIVE and order.due_at is not None and order.due_at <= now
