"""Saved cards."""

from __future__ import annotations

from pydantic import BaseModel, Field


class SavedCardView(BaseModel):
    id: int
    alias: str = Field(examples=["VISA ****4242"])
    brand: str
    last4: str
    expiry: str = Field(description="MM/YY")
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
