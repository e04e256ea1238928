"""The records of payments, orders and customers, for functions that read them and call nobody outside."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from shared.adapters.dynamodb.payments import DynamoPayments
from shared.adapters.measured import MeasuredPayments
from shared.bootstrap import runtime
from shared.bootstrap.tables import tables

if TYPE_CHECKING:
    from shared.ports.customers import Customers
    from shared.ports.orders import Orders
    from shared.ports.payments import Payments


@cache
def payments() -> Payments:
    stored = DynamoPayments(
        tables(),
        runtime.setting("PAYMENTS_TABLE"),
        runtime.setting("EVENTS_TABLE"),
        runtime.setting("IDEMPOTENCY_TABLE"),
        runtime.setting("CARDS_TABLE"),
    )
    return cast("Payments", MeasuredPayments(stored))


@cache
def orders() -> Orders:
    from shared.adapters.dynamodb.orders import DynamoOrders

    return DynamoOrders(
        tables(),
        runtime.setting("ORDERS_TABLE"),
        runtime.setting("PAYMENTS_TABLE"),
        runtime.setting("EVENTS_TABLE"),
    )


@cache
def customers() -> Customers:
    from shared.adapters.dynamodb.customers import DynamoCustomers

    return DynamoCustomers(tables(), runtime.setting("CUSTOMERS_TABLE"))
