"""The checkout, whatever gateway a payment is at."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from shared.domain.payment import Status
from shared.families.payglobe.fields import Amount
from tools.contract.replies.brand import BrandView
from tools.contract.replies.payglobe.sandbox import EndedReply


class CardForm(BaseModel):
    paymentID: str
    script: str = Field(description="The address of the card gateway's script, which draws the fields")
    publicKey: str = Field(description="The card gateway's key for pages")
    minorAmount: int = Field(description="What the card's holder confirms, in the currency's smallest unit")
    isSpent: bool = Field(description="Whether a card was entered on this page already")


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
    cardForm: CardForm | None = Field(description="Of a card page of ours with the gateway's own fields; else null")


class AgreeReply(BaseModel):
    success: Literal[True]
    transactionId: str
    status: Status
    beingChecked: bool = Field(description="Whether nobody knows yet; the same call again asks")
    nextUrl: str | None = Field(
        description="Where this browser goes on; null while it is checked, and where another card may be entered"
    )


class AskReply(BaseModel):
    success: Literal[True]
    transactionId: str
    status: Status
