"""Customers."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from shared.domain.customer import CustomerType
from tools.contract.replies.glomopay.paging import PageMeta


class CustomerReply(BaseModel):
    id: str
    name: str
    customer_type: CustomerType
    email: str
    phone: str | None
    address: str
    city: str
    state: str
    country: str
    pincode: str | None
    dob: str | None
    nationality: str | None
    status: Literal["active"]
    created_at: str
    updated_at: str


class CustomerListReply(BaseModel):
    data: list[CustomerReply]
    page_meta: PageMeta
