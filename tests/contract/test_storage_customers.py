"""What the port ``Customers`` promises."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.customer import Customer, CustomerType
from shared.domain.errors import Conflict, NotFound
from shared.domain.ids import CustomerId, MerchantId
from shared.domain.payment import Environment
from shared.ports.numbered import NumberedPage
from tests.storage import Storage
from tools.testing.builders import MERCHANT, TEST
from tools.testing.fakes import NOON

SECOND = timedelta(seconds=1)


def a_customer(number: int = 1, **settings: Any) -> Customer:
    made = Customer(
        id=CustomerId(f"cust_{number:016d}"),
        merchant_id=MERCHANT,
        environment=TEST,
        type=CustomerType.INDIVIDUAL,
        country="IND",
        created_at=NOON + number * SECOND,
        updated_at=NOON + number * SECOND,
        name="Ada Rossi",
        email=f"ada{number}@example.com",
        address="Via Roma 1",
        city="Genova",
        state="Liguria",
    )
    return replace(made, **settings)


def listed(storage: Storage, email: str | None = None, **page: Any) -> tuple[list[CustomerId], int]:
    found = storage.customers.of_merchant(MERCHANT, TEST, NumberedPage(**page), email=email)
    return [customer.id for customer in found.items], found.count


def test_a_new_customer_is_read_as_it_was_written(storage: Storage) -> None:
    customer = a_customer(phone="+39 010 1234567", dob="1990-02-28")
    storage.customers.create(customer)

    assert storage.customers.get(customer.id) == replace(customer, version=1)


def test_an_unknown_customer_is_not_found(storage: Storage) -> None:
    with pytest.raises(NotFound):
        storage.customers.get(CustomerId("cust_0000000000000000"))


@pytest.mark.parametrize("email", ["ada1@example.com", "ADA1@Example.COM"])
def test_an_address_is_taken_however_it_is_written(storage: Storage, email: str) -> None:
    storage.customers.create(a_customer())

    with pytest.raises(Conflict):
        storage.customers.create(a_customer(2, email=email))
    with pytest.raises(NotFound):
        storage.customers.get(a_customer(2).id)


def test_the_same_address_is_free_in_another_country_environment_and_shop(storage: Storage) -> None:
    email = a_customer().email
    storage.customers.create(a_customer())

    storage.customers.create(a_customer(2, email=email, country="ITA"))
    storage.customers.create(a_customer(3, email=email, environment=Environment.LIVE))
    storage.customers.create(a_customer(4, email=email, merchant_id=MerchantId("m_other")))


def test_of_two_changes_of_one_version_the_second_gets_the_newer_customer(storage: Storage) -> None:
    storage.customers.create(a_customer())
    read = storage.customers.get(a_customer().id)

    assert storage.customers.save(replace(read, phone="1"), read) is None
    assert storage.customers.save(replace(read, phone="2"), read) == replace(read, phone="1", version=2)


def test_a_changed_address_is_taken_and_the_old_one_is_free(storage: Storage) -> None:
    storage.customers.create(a_customer())
    storage.customers.create(a_customer(2))
    read = storage.customers.get(a_customer().id)

    with pytest.raises(Conflict):
        storage.customers.save(replace(read, email="Ada2@example.com"), read)
    assert storage.customers.save(replace(read, email="new@example.com"), read) is None
    storage.customers.create(a_customer(3, email=read.email))
    with pytest.raises(Conflict):
        storage.customers.create(a_customer(4, email="new@example.com"))


def test_customers_are_listed_newest_first_by_page_number_with_their_count(storage: Storage) -> None:
    for number in range(1, 6):
        storage.customers.create(a_customer(number))

    pages = [listed(storage, number=number, size=2) for number in (1, 2, 3, 4)]
    assert pages == [([a_customer(n).id for n in of_page], 5) for of_page in ([5, 4], [3, 2], [1], [])]


def test_a_list_is_narrowed_by_address_and_by_time(storage: Storage) -> None:
    for number in range(1, 6):
        storage.customers.create(a_customer(number))

    assert listed(storage, "ADA3@example.com") == ([a_customer(3).id], 1)
    assert listed(storage, "nobody@example.com") == ([], 0)
    within = listed(storage, after=NOON + 2 * SECOND, before=NOON + 5 * SECOND)
    assert within == ([a_customer(4).id, a_customer(3).id], 2)
    assert listed(storage, after=NOON + 2 * SECOND, before=NOON + 2 * SECOND) == ([], 0)


def test_other_merchants_and_environments_have_their_own_customers(storage: Storage) -> None:
    storage.customers.create(a_customer(1, merchant_id=MerchantId("m_other")))
    storage.customers.create(a_customer(2, environment=Environment.LIVE))

    assert listed(storage) == ([], 0)


def test_of_eight_at_once_with_one_address_one_is_made(shared_storage: Storage) -> None:
    made: list[int] = []
    refused: list[int] = []

    def create(number: int) -> None:
        try:
            shared_storage.customers.create(a_customer(number, email="ada@example.com"))
            made.append(number)
        except Conflict:
            refused.append(number)

    threads = [threading.Thread(target=create, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(made), len(refused)) == (1, 7)
    assert listed(shared_storage) == ([a_customer(made[0]).id], 1)
