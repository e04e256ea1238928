"""A customer as a merchant describes one: whom its orders are for."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum

from shared.domain.ids import CustomerId, MerchantId
from shared.domain.mode import Environment
from shared.domain.record import dataclass


class CustomerType(StrEnum):
    INDIVIDUAL = "individual"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class Customer:
    """``country`` and ``nationality`` are ISO 3166 alpha-3. No text of it shows who it is; ``version`` guards it."""

    id: CustomerId
    merchant_id: MerchantId
    environment: Environment
    type: CustomerType
    country: str
    created_at: datetime
    updated_at: datetime
    name: str = field(repr=False)
    email: str = field(repr=False)
    address: str = field(repr=False)
    city: str = field(repr=False)
    state: str = field(repr=False)
    pincode: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    dob: str | None = field(default=None, repr=False)
    nationality: str | None = field(default=None, repr=False)
    version: int = 0

    @property
    def email_key(self) -> str:
        """The address as it is compared: however it was written, it is one."""
        return self.email.casefold()

    def reached_by(self, *, email: str | None, phone: str | None, now: datetime) -> Customer:
        """This customer with another address or number; None leaves one. What says the same changes nothing."""
        changed = replace(self, email=email or self.email, phone=phone or self.phone)
        return self if changed == self else replace(changed, updated_at=now)
