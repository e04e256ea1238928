"""What the port ``Orders`` promises."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.errors import Conflict, NotFound
from shared.domain.event import EventType, Facts
from shared.domain.ids import CustomerId, MerchantId, OrderId, PaymentId
from shared.domain.order import Order
from shared.domain.payment import Environment, Payment
from shared.domain.statuses import OrderStatus
from shared.ports.numbered import NumberedPage
from shared.ports.orders import Numbered, OrderChange
from shared.ports.payments import Change
from shared.usecases.order.settle_order import order_facts
from tests.storage import Storage
from tools.testing.builders import MERCHANT, TEST, a_payment, an_event, euro
from tools.testing.fakes import NOON

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def an_order(number: int = 1, **settings: Any) -> Order:
    made = Order(
        id=OrderId(f"order_{number:016d}"),
        merchant_id=MERCHANT,
        merchant_name="Shop",
        environment=TEST,
        customer_id=CustomerId("cust_1"),
        amount=euro(10_00),
        created_at=NOON + number * SECOND,
        updated_at=NOON + number * SECOND,
        expires_at=NOON + DAY,
        family="glomopay",
        due_at=NOON + DAY,
    )
    return replace(made, **settings)


def stored(storage: Storage, number: int = 1, **settings: Any) -> Order:
    storage.orders.create(an_order(number, **settings))
    return storage.orders.get(an_order(number).id)


def a_try(order: Order, number: int = 1, **settings: Any) -> Payment:
    return a_payment(id=PaymentId(f"payt_{number:016d}"), order_id=order.id, amount=order.amount, **settings)


def begin(storage: Storage, order: Order, payment: Payment) -> Order | None:
    return storage.orders.save(OrderChange(order.tried_by(payment), attempt=Change(payment)))


def listed(storage: Storage, now: Any = NOON, **query: Any) -> tuple[list[OrderId], int]:
    page = NumberedPage(**{name: query.pop(name) for name in ("number", "size") if name in query})
    found = storage.orders.of_merchant(MERCHANT, TEST, page, now, **query)
    return [order.id for order in found.items], found.count


def test_a_new_order_is_read_as_it_was_written(storage: Storage) -> None:
    order = an_order(reference="R-1", family_data={"asked": "{}"})

    assert stored(storage, reference="R-1", family_data={"asked": "{}"}) == replace(order, version=1)


def test_an_unknown_order_is_not_found(storage: Storage) -> None:
    with pytest.raises(NotFound):
        storage.orders.get(OrderId("order_0000000000000000"))


def test_a_number_of_the_merchants_own_names_one_order_for_ever(storage: Storage) -> None:
    order = stored(storage, reference="R-1")

    with pytest.raises(Conflict) as refused:
        storage.orders.create(an_order(2, reference="R-1"))
    assert refused.value.error_code == "order_reference_taken"
    assert storage.orders.by_reference(MERCHANT, TEST, Numbered.ORDER, "R-1") == order.id
    with pytest.raises(NotFound):
        storage.orders.get(an_order(2).id)


def test_the_same_number_is_free_elsewhere_and_without_one_nothing_is_taken(storage: Storage) -> None:
    stored(storage, reference="R-1")

    storage.orders.create(an_order(2, reference="R-1", environment=Environment.LIVE))
    storage.orders.create(an_order(3, reference="R-1", merchant_id=MerchantId("m_other")))
    storage.orders.create(an_order(4))
    storage.orders.create(an_order(5))
    assert storage.orders.by_reference(MERCHANT, TEST, Numbered.PAYMENT, "R-1") is None
    assert storage.orders.by_reference(MERCHANT, TEST, Numbered.ORDER, "R-2") is None


def test_a_try_its_order_and_its_number_are_one_write(storage: Storage) -> None:
    order = stored(storage)
    payment = a_try(order, reference="P-1")

    assert begin(storage, order, payment) is None
    assert storage.orders.get(order.id) == replace(order.tried_by(payment), version=2)
    assert storage.payments.get(payment.id) == replace(payment, version=1)
    assert storage.orders.by_reference(MERCHANT, TEST, Numbered.PAYMENT, "P-1") == payment.id


def test_of_two_tries_of_one_version_the_second_gets_the_newer_order_and_is_not_there(storage: Storage) -> None:
    order = stored(storage)
    first, second = a_try(order, 1), a_try(order, 2, reference="P-2")
    begin(storage, order, first)

    assert begin(storage, order, second) == replace(order.tried_by(first), version=2)
    with pytest.raises(NotFound):
        storage.payments.get(second.id)
    assert storage.orders.by_reference(MERCHANT, TEST, Numbered.PAYMENT, "P-2") is None


def test_a_try_whose_number_is_taken_leaves_the_order_as_it_was(storage: Storage) -> None:
    order, other = stored(storage), stored(storage, 2)
    begin(storage, other, a_try(other, 1, reference="P-1"))

    with pytest.raises(Conflict) as refused:
        begin(storage, order, a_try(order, 2, reference="P-1"))
    assert refused.value.error_code == "payment_reference_taken"
    assert storage.orders.get(order.id) == order


def test_an_event_is_written_with_the_change_it_tells_of(storage: Storage) -> None:
    order = stored(storage)
    ended = replace(order, status=OrderStatus.EXPIRED, due_at=None)
    told = an_event(type=EventType.ORDER_EXPIRED, subject=order.id, facts=Facts(order=order_facts(ended)))

    assert storage.orders.save(OrderChange(ended, [told])) is None
    assert storage.events.get(MERCHANT, TEST, told.id) == told


def test_orders_are_listed_by_page_number_and_narrowed_by_customer(storage: Storage) -> None:
    for number in range(1, 6):
        stored(storage, number, customer_id=CustomerId(f"cust_{number % 2}"))
    stored(storage, 6, environment=Environment.LIVE)

    assert listed(storage, number=2, size=2) == ([an_order(3).id, an_order(2).id], 5)
    assert listed(storage, customer_id=CustomerId("cust_0")) == ([an_order(4).id, an_order(2).id], 2)
    assert listed(storage, customer_id=CustomerId("cust_9")) == ([], 0)


def test_a_status_lists_what_is_in_it_now_marked_or_not(storage: Storage) -> None:
    active, over, busy, paid, marked = (stored(storage, n) for n in range(1, 6))
    storage.orders.save(OrderChange(replace(over, expires_at=NOON + SECOND)))
    storage.orders.save(OrderChange(replace(busy.tried_by(a_try(busy)), expires_at=NOON + SECOND)))
    storage.orders.save(OrderChange(replace(paid, status=OrderStatus.PAID)))
    storage.orders.save(OrderChange(replace(marked, status=OrderStatus.EXPIRED)))

    later = NOON + 2 * SECOND
    assert listed(storage, later, status=OrderStatus.ACTIVE)[0] == [busy.id, active.id]
    assert listed(storage, later, status=OrderStatus.EXPIRED)[0] == [marked.id, over.id]
    assert listed(storage, later, status=OrderStatus.PAID)[0] == [paid.id]


def test_due_orders_come_oldest_first_and_ended_ones_never(storage: Storage) -> None:
    for number, due in ((1, NOON + 2 * SECOND), (2, NOON + SECOND), (3, NOON + 9 * SECOND)):
        stored(storage, number, due_at=due)
    storage.orders.save(OrderChange(replace(stored(storage, 4, due_at=NOON), status=OrderStatus.PAID, due_at=None)))

    assert storage.orders.due(NOON + 5 * SECOND, 10) == [an_order(2).id, an_order(1).id]


def test_of_eight_tries_at_once_one_begins(shared_storage: Storage) -> None:
    order = stored(shared_storage)
    begun: list[int] = []

    def attempt(number: int) -> None:
        if begin(shared_storage, order, a_try(order, number)) is None:
            begun.append(number)

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(begun) == 1
    assert shared_storage.orders.get(order.id).attempt == a_try(order, begun[0]).id
