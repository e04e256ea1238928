"""Orders in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from shared.domain.errors import Conflict, NotFound
from shared.domain.ids import CustomerId, MerchantId, OrderId
from shared.domain.order import Order
from shared.domain.payment import Environment
from shared.domain.statuses import OrderStatus
from shared.ports.numbered import Listed, NumberedPage
from shared.ports.orders import Numbered, OrderChange
from tools.testing.fakes.payments import FakePayments

Reference = tuple[MerchantId, Environment, Numbered, str]


class FakeOrders:
    """The port ``Orders`` beside the payments and events it writes to."""

    def __init__(self, payments: FakePayments) -> None:
        self._payments = payments
        self._orders: dict[OrderId, Order] = {}
        self._references: dict[Reference, str] = {}
        self._meanwhile: list[Callable[[], object]] = []
        self._lock = threading.RLock()

    def meanwhile(self, action: Callable[[], object]) -> None:
        """Let somebody else do ``action`` just before our next write."""
        self._meanwhile.append(action)

    def all(self) -> list[Order]:
        with self._lock:
            return list(self._orders.values())

    def get(self, order_id: OrderId) -> Order:
        with self._lock:
            found = self._orders.get(order_id)
        if found is None:
            raise NotFound("there is no such order")
        return found

    def create(self, order: Order) -> None:
        with self._lock:
            self._take(order, Numbered.ORDER, order.reference, order.id)
            self._orders[order.id] = replace(order, version=1)

    def save(self, change: OrderChange) -> Order | None:
        waiting, self._meanwhile = self._meanwhile, []
        for action in waiting:
            action()
        with self._lock:
            order, begins = change.order, change.attempt
            there = self.get(order.id)
            if there.version != order.version:
                return there
            if begins is not None:
                self._take(order, Numbered.PAYMENT, begins.payment.reference, begins.payment.id)
                if self._payments.create(begins) is not None:
                    raise AssertionError("a payment of this id was there already")
            for event in change.events:
                self._payments.events.put(event)
            self._orders[order.id] = replace(order, version=order.version + 1)
            return None

    def by_reference(
        self, merchant_id: MerchantId, environment: Environment, kind: Numbered, reference: str
    ) -> str | None:
        with self._lock:
            return self._references.get((merchant_id, environment, kind, reference))

    def of_merchant(
        self,
        merchant_id: MerchantId,
        environment: Environment,
        page: NumberedPage,
        now: datetime,
        *,
        customer_id: CustomerId | None = None,
        status: OrderStatus | None = None,
    ) -> Listed[Order]:
        with self._lock:
            mine = [
                order
                for order in self._orders.values()
                if (order.merchant_id, order.environment) == (merchant_id, environment)
                and customer_id in (None, order.customer_id)
                and status in (None, order.status_at(now))
            ]
        return page.of(mine)

    def due(self, now: datetime, limit: int) -> list[OrderId]:
        with self._lock:
            waiting = [(order.due_at, order.id) for order in self._orders.values() if order.due_at is not None]
        return [order_id for due, order_id in sorted(waiting) if due <= now][:limit]

    def _take(self, order: Order, kind: Numbered, reference: str, named: str) -> None:
        if not reference:
            return
        key = (order.merchant_id, order.environment, kind, reference)
        if key in self._references:
            raise Conflict(f"this number of yours names another {kind} already", code=f"{kind}_reference_taken")
        self._references[key] = named
