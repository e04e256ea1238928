"""The port ``Orders`` with a storm in front of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.ids import MerchantId, OrderId
from shared.domain.order import Order
from shared.domain.payment import Environment
from shared.ports.orders import Numbered, OrderChange
from tools.simulator.stores import OF_AWS
from tools.simulator.storm import STORE, WRITE, Result, Storm
from tools.testing.fakes import FakeOrders


@dataclass
class StormyOrders:
    """As far as what is about single orders needs it. ``written`` hears of every write."""

    inner: FakeOrders
    storm: Storm
    written: Callable[[Order | None, Order, OrderChange], None]

    def get(self, order_id: OrderId) -> Order:
        return self._call("get", lambda: self.inner.get(order_id))

    def create(self, order: Order) -> None:
        def act() -> None:
            self.inner.create(order)
            self.written(None, self.inner.get(order.id), OrderChange(order))

        self._call("create", act)

    def save(self, change: OrderChange) -> Order | None:
        def act() -> Order | None:
            before = self.inner.get(change.order.id)
            newer = self.inner.save(change)
            if newer is None:
                self.written(before, self.inner.get(change.order.id), change)
            return newer

        def another_first() -> Order | None:
            there = self.inner.get(change.order.id)
            self.inner.save(OrderChange(replace(there)))
            return act()

        return self.storm.call("orders.save", act, WRITE, OF_AWS, another_first)

    def by_reference(
        self, merchant_id: MerchantId, environment: Environment, kind: Numbered, reference: str
    ) -> str | None:
        return self._call("by_reference", lambda: self.inner.by_reference(merchant_id, environment, kind, reference))

    def due(self, now: datetime, limit: int) -> list[OrderId]:
        return self._call("due", lambda: self.inner.due(now, limit))

    def _call(self, name: str, act: Callable[[], Result]) -> Result:
        return self.storm.call(f"orders.{name}", act, STORE, OF_AWS)
