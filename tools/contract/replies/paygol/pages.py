"""What the page of a transaction is told."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, WithJsonSchema

from shared.families.paygol.statuses import PaygolStatus
from tools.contract.replies.brand import BrandView

Major = Annotated[Decimal, WithJsonSchema({"type": "number", "description": "Decimal major units"})]


class OfferedMethod(BaseModel):
    code: str
    name: str
    image: str
    kind: Literal["card", "online", "cash", "prepaid", "crypto"]


class Instructions(BaseModel):
    reference: str
    expiresAt: str


class CheckoutPageReply(BaseModel):
    transactionId: str
    status: PaygolStatus
    amount: Major
    currency: str
    description: str
    merchantName: str
    brand: BrandView | None
    language: str
    country: str | None
    method: OfferedMethod | None
    methods: list[OfferedMethod]
    missing: list[str]
    instructions: Instructions | None
    payUrl: str | None
    expiresAt: str
    expiresIn: int
    frameOrigins: list[str]
    livemode: bool
    returnUrl: str | None
    nextUrl: str | None


class MethodActReply(BaseModel):
    status: PaygolStatus
    nextUrl: str | None
