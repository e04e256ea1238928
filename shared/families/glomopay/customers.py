"""What the customer endpoints share: the caller's own customer, and how one is shown."""

from __future__ import annotations

from shared.bootstrap import records
from shared.domain.customer import Customer
from shared.domain.errors import NotFound
from shared.domain.ids import CustomerId
from shared.domain.merchant import Credential
from shared.edge.call import Call
from shared.edge.ownership import check_owner
from shared.families.glomopay import ids
from shared.families.glomopay.times import iso

_UNKNOWN = "Customer not found"


def own_customer(call: Call) -> Customer:
    """The customer named in the path, if it is the caller's. Raises InvalidRequest, NotFound."""
    return customer_of(ids.named(call, ids.CUSTOMER), call.credential)


def customer_of(customer_id: str, credential: Credential) -> Customer:
    """The caller's customer of this id. Raises NotFound."""
    try:
        customer = records.customers().get(CustomerId(customer_id))
        check_owner(customer, credential, "customer")
    except NotFound:
        raise NotFound(_UNKNOWN) from None
    return customer


def shown_customer(customer: Customer) -> dict[str, object]:
    return {
        "id": customer.id,
        "name": customer.name,
        "customer_type": customer.type.value,
        "email": customer.email,
        "phone": customer.phone,
        "address": customer.address,
        "city": customer.city,
        "state": customer.state,
        "country": customer.country,
        "pincode": customer.pincode,
        "dob": customer.dob,
        "nationality": customer.nationality,
        "status": "active",
        "created_at": iso(customer.created_at),
        "updated_at": iso(customer.updated_at),
    }
