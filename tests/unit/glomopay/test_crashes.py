"""An order through a crash at each of its calls, and with each answer of the gateway lost: the books are even.

A shop that is told of a failure looks its order up and tries again; its customer enters the code again; housekeeping
comes by. However the first try broke off, one payment is taken and no more, and the order is told paid once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, Final

import pytest

from shared.bootstrap import core
from shared.domain.errors import OutcomeUnknown
from shared.domain.event import EventType
from shared.domain.ids import OrderId
from shared.domain.order import Order
from shared.domain.payment import PAID, Payment, Status
from shared.domain.statuses import OrderStatus
from shared.usecases.housekeeping.look_after_payments import sweep
from shared.usecases.order.look_after_orders import sweep_orders
from tests.unit.edge.conftest import Edge, stands_in
from tests.unit.glomopay.shop import OTP_CARD, Holder, order, pay
from tools.testing.fakes import FakeOrders

DECLINED_OTP: Final = "4597262222222223"
MOST_CALLS: Final = 40  # more than any way of paying an order takes
WRITES: Final = ("save", "create", "open_page", "present_card", "authenticate", "authorise", "close_page", "put")


class Crashed(BaseException):
    """The process is gone: nobody catches this but the runtime."""


class Breaking:
    """Counts the calls that change something, and breaks off before or after the one it was told."""

    def __init__(self, at: int, *, after: bool, lose: bool) -> None:
        self.left = at
        self.after = after
        self.lose = lose
        self.happened = ""

    def call(self, name: str, act: Callable[..., Any], given: Any, named: Any) -> Any:
        self.left -= 1
        if self.left != 0:
            return act(*given, **named)
        self.happened = name
        if self.after:
            act(*given, **named)
        if self.lose:
            raise OutcomeUnknown("the answer is lost")
        raise Crashed(name)


class Watched:
    """A port behind which calls may break off."""

    def __init__(self, inner: Any, breaking: Breaking, only: tuple[str, ...]) -> None:
        self._inner, self._breaking, self._only = inner, breaking, only

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name in ("card", "voucher", "method"):
            return lambda *given: Watched(found(*given), self._breaking, self._only)
        if name not in self._only:
            return found
        return lambda *given, **named: self._breaking.call(name, found, given, named)


@contextmanager
def broken(edge: Edge, orders: FakeOrders, breaking: Breaking, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Inside, one call breaks off: any of them, or with ``lose`` one of the gateway's."""
    world, stored = edge.world, Watched(orders, breaking, WRITES)
    gateways = Watched(world.gateways, breaking, WRITES)
    payments: Any = world.payments if breaking.lose else Watched(world.payments, breaking, WRITES)
    with patch.context() as inside:
        inside.setattr(core, "world", lambda: replace(world, gateways=gateways, payments=payments))
        if not breaking.lose:
            stands_in(inside, "orders", lambda: stored)
        yield


def shopping(name: str, number: str) -> None:
    """One go at it: a payment is begun and agreed to. What the shop is told of a failure it takes as it comes."""
    begun = pay(name, number)
    if begun.status == 201:
        Holder(begun.json).answer()


def cleaned_up(edge: Edge, orders: FakeOrders) -> None:
    """The checkout's time passes, and housekeeping comes by as often as it does in three hours."""
    for _ in range(60):
        edge.world.now.advance(minutes=3)
        sweep(100, world=edge.world)
        sweep_orders(100, world=edge.world, orders=orders)


def taken(edge: Edge, payment: Payment) -> int:
    """What the gateway has of the customer's money for a payment, by its own books."""
    doc, _ = edge.world.books.load("page", payment.page_id)
    return int(doc["captured"]) - int(doc["refunded"]) if doc else 0


def tries(edge: Edge, placed: Order) -> list[Payment]:
    return [payment for payment in edge.world.payments.all() if payment.order_id == placed.id]


def check_books(edge: Edge, placed: Order) -> None:
    """What the gateway took, what we say was paid, what the order says and what was told are one."""
    payments = tries(edge, placed)
    paid = [payment for payment in payments if payment.status in PAID]
    kept = sum(taken(edge, payment) for payment in payments)
    assert kept == sum(payment.amount.minor for payment in paid) <= placed.amount.minor
    assert len(paid) == (1 if placed.status is OrderStatus.PAID else 0)
    assert all(payment.is_final for payment in payments)
    assert edge.world.events.types(placed.id).count(EventType.ORDER_PAID) == len(paid)
    for payment in payments:
        told = edge.world.events.types(payment.id)
        assert told.count(EventType.PAID) == (payment in paid)
        assert told.count(EventType.CHECKOUT_ENDED) == 1


def check_nothing_is_stray(edge: Edge) -> None:
    """No money is on a page that the gateway opened and we never wrote down."""
    known = {payment.page_id for payment in edge.world.payments.all()}
    pages = [edge.world.books.load("page", name)[0] for name in edge.world.books.names("page") if name not in known]
    assert [page["captured"] for page in pages if page["captured"]] == []


@pytest.mark.parametrize("number", [OTP_CARD, DECLINED_OTP])
@pytest.mark.parametrize("after", [False, True], ids=["before it acts", "after it acted"])
@pytest.mark.parametrize("lose", [False, True], ids=["crash", "answer lost"])
def test_wherever_it_breaks_off_the_books_are_even_and_the_order_can_be_paid(
    edge: Edge,
    orders: FakeOrders,
    customer: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    number: str,
    after: bool,
    lose: bool,
) -> None:
    broke_at = []
    for at in range(1, MOST_CALLS):
        name = order(customer)
        breaking = Breaking(at, after=after, lose=lose)
        with broken(edge, orders, breaking, monkeypatch), suppress(Crashed):
            shopping(name, number)
        if not breaking.happened:
            break
        broke_at.append(breaking.happened)
        shopping(name, number)
        cleaned_up(edge, orders)
        shopping(name, OTP_CARD)
        cleaned_up(edge, orders)
        placed = orders.get(OrderId(name))
        assert placed.status is OrderStatus.PAID, f"after {breaking.happened}, call {at}"
        check_books(edge, placed)
        check_nothing_is_stray(edge)

    assert {"authenticate", "present_card"} <= set(broke_at)
    assert ("save" in broke_at) is not lose


def test_a_success_that_nobody_told_the_order_is_found(
    edge: Edge, orders: FakeOrders, customer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutation of the above: without a look at the payment, housekeeping would leave the order unpaid."""
    name = order(customer)
    holder = Holder(pay(name).json)
    monkeypatch.setattr("shared.families.glomopay.ending.settle_order", lambda *_, **__: None)
    holder.answer()
    assert orders.get(OrderId(name)).status is OrderStatus.ACTIVE
    assert {payment.status for payment in edge.world.payments.all()} == {Status.SUCCESS}

    cleaned_up(edge, orders)

    assert orders.get(OrderId(name)).status is OrderStatus.PAID
