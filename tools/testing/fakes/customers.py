"""Customers in memory."""

from __future__ import annotations

import threading
from dataclasses import replace

from shared.domain.customer import Customer
from shared.domain.errors import Conflict, NotFound
from shared.domain.ids import CustomerId, MerchantId
from shared.domain.payment import Environment
from shared.ports.numbered import Listed, NumberedPage


class FakeCustomers:
    """The port ``Customers``."""

    def __init__(self) -> None:
        self._customers: dict[CustomerId, Customer] = {}
        self._lock = threading.RLock()

    def get(self, customer_id: CustomerId) -> Customer:
        with self._lock:
            found = self._customers.get(customer_id)
        if found is None:
            raise NotFound("there is no such customer")
        return found

    def create(self, customer: Customer) -> None:
        with self._lock:
            self._check_free(customer)
            self._customers[customer.id] = replace(customer, version=1)

    def save(self, customer: Customer, before: Customer) -> Customer | None:
        with self._lock:
            there = self.get(customer.id)
            if there.version != before.version:
                return there
            self._check_free(customer)
            self._customers[customer.id] = replace(customer, version=before.version + 1)
            return None

    def of_merchant(
        self, merchant_id: MerchantId, environment: Environment, page: NumberedPage, *, email: str | None = None
    ) -> Listed[Customer]:
        with self._lock:
            mine = [
                customer
                for customer in self._customers.values()
                if (customer.merchant_id, customer.environment) == (merchant_id, environment)
                and (email is None or email.casefold() == customer.email_key)
            ]
        return page.of(mine)

    def _check_free(self, customer: Customer) -> None:
        if any(
            _address(other) == _address(customer) and other.id != customer.id for other in self._customers.values()
        ):
            raise Conflict("a customer with this e-mail address in this country exists already", code="email_taken")


def _address(customer: Customer) -> tuple[str, str, str, str]:
    return customer.merchant_id, customer.environment, customer.country, customer.email_key
