"""Make a customer, and change how it is reached."""

from __future__ import annotations

from dataclasses import field, replace

from shared.domain import ids
from shared.domain.customer import Customer, CustomerType
from shared.domain.ids import CustomerId
from shared.domain.merchant import Credential
from shared.domain.record import dataclass
from shared.ports.customers import Customers
from shared.ports.world import Clock, Entropy, World
from shared.usecases.contended import Overtaken, stored, until_written


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """What a merchant says of a customer."""

    type: CustomerType
    country: str
    name: str = field(repr=False)
    email: str = field(repr=False)
    address: str = field(repr=False)
    city: str = field(repr=False)
    state: str = field(repr=False)
    pincode: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    dob: str | None = field(default=None, repr=False)
    nationality: str | None = field(default=None, repr=False)


def create_customer(
    asked: NewCustomer,
    credential: Credential,
    *,
    customers: Customers,
    now: Clock,
    entropy: Entropy,
    customer_id: CustomerId | None = None,
) -> Customer:
    """The new customer, under an id of ours unless one is given.

    Raises Conflict when the address is another one's in that country, Forbidden for a suspended merchant.
    """
    credential.merchant.check_active()
    made_at = now()
    customer = Customer(
        id=customer_id or CustomerId(ids.plain_id("cust", entropy(10))),
        merchant_id=credential.merchant.id,
        environment=credential.environment,
        type=asked.type,
        country=asked.country,
        created_at=made_at,
        updated_at=made_at,
        name=asked.name,
        email=asked.email,
        address=asked.address,
        city=asked.city,
        state=asked.state,
        pincode=asked.pincode,
        phone=asked.phone,
        dob=asked.dob,
        nationality=asked.nationality,
    )
    customers.create(customer)
    return replace(customer, version=1)


def reach_customer(
    customer: Customer, *, email: str | None, phone: str | None, world: World, customers: Customers
) -> Customer:
    """The customer, reached by another address or number from now on. Raises Conflict as above."""

    def write(current: Customer) -> Customer | Overtaken[Customer]:
        changed = current.reached_by(email=email, phone=phone, now=world.now())
        return current if changed is current else stored(changed, customers.save(changed, current))

    return until_written(customer, write, what="the customer", pause=world.pause)
