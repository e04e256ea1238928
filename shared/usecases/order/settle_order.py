"""What a payment means for its order: paid, or free for the next try; and the end of an order nobody paid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from shared.domain.event import Event, EventType, Facts, OrderFacts
from shared.domain.ids import OrderId
from shared.domain.order import Order
from shared.domain.payment import Payment
from shared.domain.statuses import OrderStatus
from shared.ports.orders import OrderChange, Orders
from shared.ports.world import World
from shared.usecases.contended import Overtaken, stored, until_written

ORDER: Final = "the order"
_TOLD: Final = {OrderStatus.PAID: EventType.ORDER_PAID, OrderStatus.EXPIRED: EventType.ORDER_EXPIRED}


def settle_order(payment: Payment, *, world: World, orders: Orders) -> Order | None:
    """Record what ``payment`` came to for the order it is a try of; None for a payment without one.

    Safe to repeat, and at any time: by the call that ended it, the event stream, a read and housekeeping at once.
    """
    if payment.order_id is None:
        return None
    return _settle(orders.get(OrderId(payment.order_id)), payment, world, orders)


def standing(order: Order, *, world: World, orders: Orders) -> tuple[Order, Payment | None]:
    """The order as its present try left it, and that try. Reads nothing for an order without one."""
    if order.attempt is None:
        return order, None
    payment = world.payments.get(order.attempt)
    return _settle(order, payment, world, orders), payment


def change_order(
    order: Order, decide: Callable[[Order, datetime], Order | None], *, world: World, orders: Orders
) -> Order:
    """Write what ``decide`` makes of the order, told if its status changed; again on the newer one if overtaken."""

    def write(current: Order) -> Order | Overtaken[Order]:
        now = world.now()
        changed = decide(current, now)
        if changed is None:
            return current
        events = _events(current, changed, now, world)
        written = changed.told() if events else changed
        return stored(written, orders.save(OrderChange(written, events)))

    return until_written(order, write, what=ORDER, pause=world.pause)


def order_facts(order: Order) -> OrderFacts:
    return OrderFacts(
        id=order.id,
        status=order.status,
        amount=order.amount,
        customer_id=order.customer_id,
        created_at=order.created_at,
        updated_at=order.updated_at,
        expires_at=order.expires_at,
        reference=order.reference,
        family_data=order.family_data,
    )


def _settle(order: Order, payment: Payment, world: World, orders: Orders) -> Order:
    return change_order(order, lambda current, now: current.after(payment, now), world=world, orders=orders)


def _events(before: Order, after: Order, now: datetime, world: World) -> Sequence[Event]:
    if before.status is after.status:
        return ()
    number = before.sequence + 1
    told = Event(
        id=world.event_id(now, number.to_bytes(2, "big") + world.entropy(8), after.id),
        type=_TOLD[after.status],
        merchant_id=after.merchant_id,
        environment=after.environment,
        subject=after.id,
        sequence=number,
        created_at=now,
        facts=Facts(order=order_facts(after)),
        family=after.family,
    )
    return (told,)
