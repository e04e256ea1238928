"""The sandbox: its card page, its books, its messages."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from shared.domain.decline import Decline
from shared.domain.payment import Status
from shared.families.payglobe.fields import Amount
from tools.contract.replies.brand import BrandView


class EndedReply(BaseModel):
    code: str


class CardPageReply(BaseModel):
    amount: Amount
    currency: str
    description: str
    merchantName: str
    brand: BrandView | None
    status: Status
    nextUrl: str | None = Field(description="Where the browser whose card was accepted goes on; null for all others")
    lastError: EndedReply | None
    expiresAt: str
    beingChecked: bool = Field(description="A card was entered, and nobody knows yet whether it is accepted")
    asksToSaveCard: bool = Field(description="Whether the customer is asked if the card may be saved")
    frameOrigins: list[str]
    language: str
    expiresIn: int = Field(description="Seconds by the gateway's own clock")
    returnUrl: str | None


class CardOutcomeReply(BaseModel):
    outcome: Literal["APPROVED", "DECLINED", "CHALLENGE", "CANCELLED", "PENDING"]
    redirectUrl: str | None
    transactionId: str | None = None
    declineCode: Decline | Literal["amount_mismatch"] | None = None
    message: str | None = None
    attemptsLeft: int | None = Field(
        default=None, description="The bank's code was wrong, and may be entered so many times more"
    )


class BookReply(BaseModel):
    paymentId: str
    transactionId: str
    amount: Amount
    currency: str
    state: str
    authorised: Amount
    captured: Amount
    released: Amount
    voided: Amount
    refunded: Amount
    calls: list[dict[str, Any]] = Field(description="Every call received, in order")


class MethodBookReply(BaseModel):
    method: str
    amount: Amount
    paid: Amount
    refunded: Amount
    currency: str
    calls: list[dict[str, Any]]


class VoucherBookReply(BaseModel):
    otp: str
    value: Amount
    spent: Amount
    reversed: Amount
    currency: str
    calls: list[dict[str, Any]] = Field(description="Every call received, in order")


class MessagesReply(BaseModel):
    messages: list[dict[str, Any]]
    count: int
