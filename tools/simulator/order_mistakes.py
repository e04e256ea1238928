"""Mistakes about orders: who may pay one, when it is paid, free again or over, and what bears a number."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from shared.domain.event import EventType
from shared.domain.operation import Kind
from shared.domain.order import Order
from shared.domain.payment import Payment, Status
from shared.domain.statuses import OrderStatus
from shared.usecases.order import look_after_orders, settle_order, try_order
from shared.usecases.payment import authorise, record_card_outcome
from shared.usecases.payment.changing import Decision, Told
from tools.simulator.aftermath import Patches
from tools.testing.fakes import FakeOrders, FakePayments


def condition_dropped() -> Patches:
    original = FakeOrders.save

    def save(self: Any, change: Any) -> Any:
        there = self.get(change.order.id)
        return original(self, replace(change, order=replace(change.order, version=there.version)))

    return [(FakeOrders, "save", save)]


def not_asked_whether_payable() -> Patches:
    return [(try_order, "check_payable", lambda order, now: None)]


def paid_by_a_decline() -> Patches:
    original = Order.after

    def after(self: Order, payment: Payment, now: datetime) -> Order | None:
        paid = replace(payment, status=Status.SUCCESS) if payment.status is Status.FAILED else payment
        return original(self, paid, now)

    return [(Order, "after", after)]


def never_released() -> Patches:
    original = Order.after

    def after(self: Order, payment: Payment, now: datetime) -> Order | None:
        left = original(self, payment, now)
        return left if left is None or left.status is OrderStatus.PAID else None

    return [(Order, "after", after)]


def released_while_under_way() -> Patches:
    original = Order.after

    def after(self: Order, payment: Payment, now: datetime) -> Order | None:
        if payment.is_expired(now) and not payment.is_final:
            payment = replace(payment, status=Status.FAILED)
        return original(self, payment, now)

    return [(Order, "after", after)]


def late_success_pays_too() -> Patches:
    def late(payment: Payment, kind: Kind, now: datetime) -> Decision:
        paid = replace(payment, status=Status.SUCCESS, completed_at=now)
        tells = [Told(EventType.PAID, kind)]
        return Decision(paid, tells if payment.is_final else [*tells, Told(EventType.CHECKOUT_ENDED, kind)])

    return [(record_card_outcome, "_late", late)]


def late_success_stays() -> Patches:
    def late(payment: Payment, kind: Kind, now: datetime) -> Decision:
        return Decision(payment)

    return [(record_card_outcome, "_late", late)]


def repeat_charges_twice() -> Patches:
    original = authorise._wanted

    def wanted(payment: Payment, agreed: Any, now: datetime) -> list[Any]:
        fresh = replace(payment, operations=())
        return [replace(op, key=f"{op.key}{secrets.randbelow(90) + 10}") for op in original(fresh, agreed, now)]

    return [(authorise, "_wanted", wanted)]


def number_names_two() -> Patches:
    return [(FakeOrders, "_take", lambda self, order, kind, reference, named: None)]


def refund_number_names_two() -> Patches:
    return [(FakePayments, "_number_refunds", lambda self, change: None)]


def expires_under_its_payment() -> Patches:
    def expired(self: Order, now: datetime) -> Order | None:
        if self.status is not OrderStatus.ACTIVE or not self.is_over(now):
            return None
        return replace(self, status=OrderStatus.EXPIRED, attempt=None, updated_at=now, due_at=None)

    return [(Order, "expired", expired)]


def payable_after_its_end() -> Patches:
    return [(Order, "is_over", lambda self, now: False)]


def end_of_an_order_not_told() -> Patches:
    return [(settle_order, "_events", lambda before, after, now, world: ())]


def told_by_everybody_who_sees_it() -> Patches:
    original = Order.after

    def after(self: Order, payment: Payment, now: datetime) -> Order | None:
        return original(replace(self, status=OrderStatus.ACTIVE, attempt=payment.id), payment, now)

    return [(Order, "after", after)]


def nobody_looks_after_orders() -> Patches:
    return [(look_after_orders, "look_after_order", lambda order_id, *, world, orders: None)]


MISTAKES: Final[dict[str, Callable[[], Patches]]] = {
    "what an order is when it is written is not compared": condition_dropped,
    "nobody asks whether an order can be paid": not_asked_whether_payable,
    "a declined card pays its order": paid_by_a_decline,
    "an order is never free again after a decline": never_released,
    "an order is free again while its payment may yet succeed": released_while_under_way,
    "a late success is taken as well": late_success_pays_too,
    "a late success is left where it is": late_success_stays,
    "a repeated answer is a charge of its own": repeat_charges_twice,
    "a merchant's number names two orders or payments": number_names_two,
    "a merchant's number names two refunds": refund_number_names_two,
    "an order expires under the payment that is paying it": expires_under_its_payment,
    "an order's time is never up": payable_after_its_end,
    "the end of an order is not told": end_of_an_order_not_told,
    "an order is paid again by whoever sees it": told_by_everybody_who_sees_it,
    "nobody looks after orders": nobody_looks_after_orders,
}
