"""Orders."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from tools.contract.replies.glomopay.paging import PageMeta

Status = Literal["active", "paid", "expired"]


class ProductReply(BaseModel):
    name: str | None
    description: str | None


class AskedReply(BaseModel):
    """What was sent, as it is echoed."""

    customer_id: str
    amount: int
    currency: str
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


class OrderReply(AskedReply):
    id: str
    status: Status
    request_id: str | None


class PayinReply(AskedReply):
    id: str
    status: Literal["active", "paid", "expired", "cancelled"]
    payment_link: str
    reminder_frequency: int | None


class PayinListReply(BaseModel):
    data: list[PayinReply]
    page_meta: PageMeta


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
