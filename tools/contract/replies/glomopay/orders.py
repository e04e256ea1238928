"""Orders."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from tools.contract.replies.glomopay.paging import PageMeta

Status = Literal["active", "paid", "expired"]


class ProductReply(BaseModel):
    name: str | None
    description: str | None


class OrderReply(BaseModel):
    id: str
    status: Status
    customer_id: str
    amount: int
    currency: str
    request_id: str | None
    purpose_code: str | None
    document_id: str | None
    documents: list[str]
    invoice_number: str | None
    invoice_description: str | None
    invoice_amount: int | None
    reference_number: str | None
    product: ProductReply | None
    notes: dict[str, str]
    payment_methods: list[str]
    expires_at: str
    created_at: str
    updated_at: str


class OrderListReply(BaseModel):
    data: list[OrderReply]
    page_meta: PageMeta


class PublicOrderReply(BaseModel):
    id: str
    status: Status
    amount: int
    currency: str
    payment_methods: list[str]
    product: ProductReply | None
    merchant_name: str
    orderType: Literal["standard"]
    expires_at: str
    created_at: str
