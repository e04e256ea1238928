"""Payment links."""

from __future__ import annotations

from pydantic import BaseModel, Field

from shared.domain.payment_link import LinkType
from shared.domain.statuses import LinkStatus
from shared.families.payglobe.fields import Amount
from tools.contract.replies.brand import BrandView


class LinkView(BaseModel):
    """Times are UTC without a zone, as the guide prints them."""

    success: bool
    transactionId: str
    status: LinkStatus
    paymentId: str | None
    authCode: str | None = Field(description="The issuer's authorisation code, once a card has paid")
    paidAt: str | None
    amount: Amount
    currency: str
    maxVoucherAmount: Amount | None = Field(description="What of amount vouchers may pay; null: all of it")
    description: str
    linkType: LinkType
    linkUrl: str
    qrcodeUrl: str
    qrcodeAbsoluteUrl: str
    customerEmail: str | None
    customerName: str
    customerPhone: str | None
    expiresAt: str
    createdAt: str
    timesSent: int
    paymentTransactionId: str | None = Field(
        description="The payment that was started, once somebody opened the link"
    )


class LinkListReply(BaseModel):
    success: bool
    links: list[LinkView]
    count: int
    nextCursor: str | None


class PublicLinkReply(BaseModel):
    amount: Amount
    currency: str
    description: str
    merchantName: str
    brand: BrandView | None
    status: LinkStatus
    underWay: bool = Field(description="A card is held for it: nobody else can pay it, unless that hold ends")
    expiresAt: str
    language: str
    frameOrigins: list[str]


class OpenLinkReply(BaseModel):
    success: bool
    redirectUrl: str
