"""Customers' storage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from shared.domain.customer import Customer
    from shared.domain.ids import CustomerId, MerchantId
    from shared.domain.payment import Environment
    from shared.ports.numbered import Listed, NumberedPage


class Customers(Protocol):
    """A merchant has one customer of an e-mail address in a country, however many are made at once."""

    def get(self, customer_id: CustomerId) -> Customer:
        """The customer as it is now (consistent read). Raises NotFound."""
        ...

    def create(self, customer: Customer) -> None:
        """Write a new customer. Raises Conflict when the address is another one's in that country."""
        ...

    def save(self, customer: Customer, before: Customer) -> Customer | None:
        """Write ``customer`` in the place of ``before`` if that is what is stored; stores its version + 1.

        None when written, else the newer one. Raises Conflict when the address is another one's in that country.
        """
        ...

    def of_merchant(
        self, merchant_id: MerchantId, environment: Environment, page: NumberedPage, *, email: str | None = None
    ) -> Listed[Customer]:
        """A merchant's customers, all or those with this e-mail address however it is written."""
        ...
