"""Refunds."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from tools.contract.replies.glomopay.paging import PageMeta
from tools.contract.replies.glomopay.payments import Fee


class GlomopayRefundReply(BaseModel):
    id: str
    customer_id: str | None
    payment_id: str | None
    reason: str | None
    fx_fee: Fee
    txn_fee: Fee
    documents: list[str]
    status: Literal["in_progress", "success", "failed"]
    currency: str
    amount: int
    request_id: str | None
    created_at: str | None
    updated_at: str | None


class GlomopayRefundListReply(BaseModel):
    data: list[GlomopayRefundReply]
    page_meta: PageMeta
