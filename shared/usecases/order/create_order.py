"""Make an order."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime

from shared.domain import ids
from shared.domain.ids import CustomerId, OrderId
from shared.domain.merchant import Credential
from shared.domain.money import Money
from shared.domain.order import Order
from shared.domain.record import dataclass
from shared.ports.orders import Orders
from shared.ports.world import Entropy


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What a merchant asks for. ``reference`` is its own number of it, and names one order for ever."""

    customer_id: CustomerId
    amount: Money
    expires_at: datetime
    family: str
    reference: str = ""
    family_data: dict[str, str] = field(default_factory=dict)


def create_order(
    asked: NewOrder, credential: Credential, *, now: datetime, entropy: Entropy, orders: Orders
) -> Order:
    """The new order. Raises GatewayNotConfigured when nothing could be charged, Forbidden for a suspended merchant,
    and Conflict (``order_reference_taken``) when another order has its number."""
    merchant, account = credential.merchant, credential.account
    merchant.check_active()
    account.gateway()  # raises when nothing could be charged
    order = Order(
        id=OrderId(ids.plain_id("order", entropy(10))),
        merchant_id=merchant.id,
        merchant_name=merchant.name,
        environment=credential.environment,
        customer_id=asked.customer_id,
        amount=asked.amount,
        created_at=now,
        updated_at=now,
        expires_at=asked.expires_at,
        family=asked.family,
        reference=asked.reference,
        family_data=asked.family_data,
        due_at=asked.expires_at,
    )
    orders.create(order)
    return replace(order, version=1)
