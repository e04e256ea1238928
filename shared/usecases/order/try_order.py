"""Begin a payment of an order by a card that the merchant's server brings: one at a time, none once it is paid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from shared.domain.merchant import Credential
from shared.domain.order import Order, check_payable
from shared.domain.payment import Payment
from shared.ports.orders import OrderChange, Orders
from shared.ports.payments import Change
from shared.ports.world import World
from shared.usecases.contended import Overtaken, stored, until_written
from shared.usecases.order.settle_order import ORDER, standing
from shared.usecases.payment.start_payment import NewPayment, Started, start_payment

if TYPE_CHECKING:
    from shared.domain.card_data import CardData


def try_order(
    order: Order,
    asked: NewPayment,
    card: CardData,
    credential: Credential,
    *,
    world: World,
    orders: Orders,
    seed: bytes,
    completed: Callable[[Payment], Payment],
) -> Started:
    """The new payment, waiting for its card's holder; no money has moved.

    ``completed`` adds what can only be said of a payment that has its id. The order, the payment and its number are
    one write: of many at once one begins. Raises OrderBusy while another is under way, IllegalTransition for an
    order that is paid or over, TooManyTries after the twentieth, Conflict when another payment has its number, and
    whatever ``start_payment`` raises; then nothing was begun.
    """
    order = _free(order, world, orders)
    check_payable(order, world.now())

    def create(change: Change) -> Payment | None:
        begins = replace(change, payment=completed(change.payment))

        def write(current: Order) -> Order | Overtaken[Order]:
            check_payable(current, world.now())
            tried = current.tried_by(begins.payment)
            return stored(tried, orders.save(OrderChange(tried, attempt=begins)))

        until_written(order, write, what=ORDER, pause=world.pause)
        return replace(begins.payment, version=1)

    return start_payment(asked, credential, world=world, seed=seed, card=card, create=create)


def _free(order: Order, world: World, orders: Orders) -> Order:
    """The order as its try left it; one whose time is up is ended here, so that no shop waits for housekeeping."""
    order, payment = standing(order, world=world, orders=orders)
    if payment is None or payment.id != order.attempt or not _was_left(payment, world.now()):
        return order
    from shared.usecases.flow.close_checkout import close_checkout  # few tries are ended by the next one

    close_checkout(payment.id, world=world)
    return standing(order, world=world, orders=orders)[0]


def _was_left(payment: Payment, now: datetime) -> bool:
    """Whether its time is up and nothing was begun in it: what may have been charged is asked about first."""
    return payment.is_expired(now) and payment.takes_card and not payment.is_being_checked
