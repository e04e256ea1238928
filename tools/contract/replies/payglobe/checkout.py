"""The checkout, whatever gateway a payment is at."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from shared.domain.payment import Status
from shared.families.payglobe.fields import Amount
from tools.contract.replies.brand import BrandView
from tools.contract.replies.payglobe.sandbox import EndedReply


class ResumeReply(BaseModel):
    transactionId: str
    amount: Amount
    currency: str
    description: str
    merchantName: str
    brand: BrandView | None
    status: Status
    lastError: EndedReply | None
    expiresAt: str
    expiresIn: int = Field(description="Seconds by the gateway's own clock")
    frameOrigins: list[str]
    framable: bool = Field(description="Whether the card page may be shown in a frame")
    language: str
    returnUrl: str | None
    cardUrl: str | None = Field(description="Leads to the card page; null when no card can be entered")


class AskReply(BaseModel):
    success: Literal[True]
    transactionId: str
    status: Status
