"""Saved cards."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from shared.families.payglobe.fields import Amount


class SavedCardView(BaseModel):
    id: int
    alias: str = Field(
        examples=["VISA ****4242"], description="Of an account in place of a card its kind and owner, masked"
    )
    brand: str
    last4: str = Field(description="Empty for an account in place of a card")
    expiry: str = Field(description="MM/YY; empty for an account in place of a card")
    expired: bool
    gateway: str
    isDefault: bool
    lastUsedAt: str | None = Field(description="UTC without a zone, as the guide prints it")
    usageCount: int


class SavedCardsReply(BaseModel):
    success: bool
    customerId: str
    cards: list[SavedCardView]
    count: int


class DefaultCardReply(BaseModel):
    success: bool
    cardId: int
    alias: str
    isDefault: bool


class CardDeletedReply(BaseModel):
    success: bool
    message: str


class SaveCardReply(BaseModel):
    success: bool
    cardId: int
    alias: str
    brand: str
    last4: str = Field(description="Empty for an account in place of a card")
    isDefault: bool


class PayReply(BaseModel):
    success: bool
    transactionId: str
    status: Literal["COMPLETED", "FAILED", "PENDING"] = Field(description="PENDING while the answer is missing (202)")
    paymentId: str | None = None
    gateway: str | None = None
    cardAlias: str | None = None
    amount: Amount | None = None
    currency: str | None = None
    error: str | None = Field(default=None, description="Why the card was not charged (402)")
    message: str | None = Field(default=None, description="The same as error")
    code: str | None = None
    retryUrl: str | None = Field(
        default=None, description="Where the card's holder pays the same, when its bank asks for them (402)"
    )
    retryTransactionId: str | None = Field(default=None, description="The payment that is made there")
    outcome: Literal["unknown"] | None = None
    retryAfter: int | None = Field(default=None, description="Seconds until it is worth asking again (202)")
