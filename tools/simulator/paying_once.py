"""What must hold of orders: one payment at a time, one success at most, paid by exactly that, even books."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Final

from shared.adapters.card_gateways.sandbox_books import PAGE
from shared.domain.event import EventType
from shared.domain.ids import OrderId
from shared.domain.order import MOST_TRIES, Order
from shared.domain.payment import PAID, Payment
from shared.domain.statuses import OrderStatus
from shared.ports.orders import OrderChange
from tools.simulator import liveness
from tools.simulator.kernel import START
from tools.simulator.stage import Stage

SKEW: Final = timedelta(seconds=30)  # that of two clocks
TOLD: Final = {OrderStatus.PAID: EventType.ORDER_PAID, OrderStatus.EXPIRED: EventType.ORDER_EXPIRED}


def tries_of(stage: Stage, order_id: OrderId | None) -> list[Payment]:
    return [payment for payment in stage.payments.all() if payment.order_id == order_id]


# ---- at every write --------------------------------------------------------------------------------


def of_payment(stage: Stage, after: Payment) -> None:
    if after.order_id is None:
        return
    tries = tries_of(stage, after.order_id)
    paid = [payment.id for payment in tries if payment.status in PAID]
    if len(paid) > 1:
        stage.fail(f"{after.order_id} is paid by {' and '.join(paid)}")
    under_way = [payment.id for payment in tries if not payment.is_final]
    if len(under_way) > 1:
        stage.fail(f"{after.order_id}: {' and '.join(under_way)} are under way at once")
    numbers = Counter(payment.reference for payment in tries)
    if twice := [number for number, times in numbers.items() if number and times > 1]:
        stage.fail(f"{after.order_id}: {twice[0]} names {numbers[twice[0]]} payments")


def of_order(stage: Stage, before: Order | None, after: Order, change: OrderChange) -> None:
    fail = stage.fail
    if before is None:
        alike = [one.id for one in stage.stored_orders.all() if one.reference == after.reference]
        if len(alike) > 1:
            fail(f"{after.reference} names {' and '.join(alike)}")
        return
    if before.status is not OrderStatus.ACTIVE and after.status is not before.status:
        fail(f"{after.id}: {before.status} became {after.status}")
    moved = after.status is not before.status
    events = [event.type for event in change.events]
    if events != ([TOLD[after.status]] if moved else []) or after.sequence != before.sequence + len(events):
        fail(f"{after.id}: {before.status} became {after.status}, told as {events}")
    if (after.updated_at != before.updated_at) is not moved:
        fail(f"{after.id}: {before.status} became {after.status}, changed at {after.updated_at}")
    if change.attempt is not None:
        _begins(stage, before, after)
    if before.attempt is not None and after.attempt != before.attempt:
        _lets_go(stage, before, after)
    if moved:
        _ends(stage, before, after)


def _begins(stage: Stage, before: Order, after: Order) -> None:
    if before.status is not OrderStatus.ACTIVE or before.attempt is not None or after.tries > MOST_TRIES:
        stage.fail(f"{after.id}: try {after.tries} begins while it is {before.status} and tried by {before.attempt}")
    begun = stage.payments.get(after.attempt) if after.attempt else None
    if begun is None or begun.amount != after.amount:
        stage.fail(f"{after.id} over {after.amount} is tried by {begun and begun.amount}")


def _lets_go(stage: Stage, before: Order, after: Order) -> None:
    """Its try is over, and is let go, or has paid it, as soon as that."""
    assert before.attempt is not None
    tried = stage.payments.get(before.attempt)
    if not tried.is_final or (tried.status in PAID) is not (after.status is OrderStatus.PAID):
        stage.fail(f"{after.id} is {after.status} after {tried.id}, which is {tried.status}")
    now = START + timedelta(microseconds=stage.kernel.now)
    if tried.completed_at is not None and now > liveness.in_time(stage, tried.completed_at):
        stage.fail(f"{after.id} heard at {now} of {tried.id}, which ended at {tried.completed_at}")


def _ends(stage: Stage, before: Order, after: Order) -> None:
    now = START + timedelta(microseconds=stage.kernel.now)
    if after.status is OrderStatus.EXPIRED and (before.attempt is not None or now + SKEW < after.expires_at):
        stage.fail(f"{after.id} expires at {now}, not {after.expires_at}, tried by {before.attempt}")
    if after.status is OrderStatus.PAID and after.paid_by != before.attempt:
        stage.fail(f"{after.id} is paid by {after.paid_by} and was tried by {before.attempt}")


# ---- at rest ---------------------------------------------------------------------------------------


def at_rest(stage: Stage) -> None:
    for order in stage.stored_orders.all():
        tries = tries_of(stage, order.id)
        _is_over(stage, order, [payment.id for payment in tries if payment.status in PAID])
        _is_told_once(stage, order)
        _keeps_its_amount_once(stage, order, tries)
        _refunds_bear_their_numbers(stage, tries)


def _is_over(stage: Stage, order: Order, paid: list[str]) -> None:
    if order.status is OrderStatus.ACTIVE or order.attempt is not None or order.due_at is not None:
        stage.fail(f"{order.id} is {order.status} for ever, tried by {order.attempt}, due {order.due_at}")
    if paid != ([order.paid_by] if order.status is OrderStatus.PAID else []):
        stage.fail(f"{order.id} is {order.status} by {order.paid_by}, and {paid} succeeded")


def _is_told_once(stage: Stage, order: Order) -> None:
    told = [event for event in stage.payments.events.told if event.subject == order.id]
    if [event.type for event in told] != [TOLD[order.status]]:
        stage.fail(f"{order.id} is {order.status} and told as {[event.type for event in told]}")


def _keeps_its_amount_once(stage: Stage, order: Order, tries: list[Payment]) -> None:
    """By the gateway's own books: one amount, less what was refunded; what else came is back, or seen by a person."""
    kept = sum(_taken(stage, payment) for payment in tries if payment.attention is None)
    wanted = sum(payment.amount.minor - payment.refunded for payment in tries if payment.id == order.paid_by)
    if kept > wanted or (kept < wanted and all(payment.attention is None for payment in tries)):
        stage.fail(f"{order.id} is {order.status}: {kept} of its customers' money is kept, not {wanted}")


def _taken(stage: Stage, payment: Payment) -> int:
    book, _ = stage.books.load(PAGE, payment.page_id)
    return int(book["captured"]) - int(book["refunded"]) if book else 0


def _refunds_bear_their_numbers(stage: Stage, tries: list[Payment]) -> None:
    numbers = Counter(refund.reference for payment in tries for refund in stage.payments.refunds(payment.id))
    if twice := [number for number, times in numbers.items() if number and times > 1]:
        stage.fail(f"{twice[0]} names {numbers[twice[0]]} refunds")
