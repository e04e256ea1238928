"""What endpoints without a body answer. The shapes live here, not there, so that those need no pydantic to start."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from shared.domain.dispute import Actor, DisputeStatus, Reason, Source
from shared.domain.payment import Mode, Status
from shared.domain.payment_link import LinkStatus, LinkType
from shared.edge.fields import Amount


class CardGatewayPart(BaseModel):
    paymentId: str
    preauthorizedAmount: Amount
    status: Literal["PENDING", "SUCCESS", "FAILED"]


class Breakdown(BaseModel):
    cardAmount: Amount
    voucherAmount: Amount
    paymentMethod: Literal["CARD_ONLY", "CARD_AND_VOUCHER", "VOUCHER_ONLY"]


class UsedVoucher(BaseModel):
    serialNumber: str | None
    status: str
    faceValue: Amount
    spentAmount: Amount
    message: str
    responseCode: str


class LastError(BaseModel):
    code: str
    message: str


class MaskedCard(BaseModel):
    brand: str
    last4: str
    expiry: str


class OperationView(BaseModel):
    operation: str
    key: str
    amount: Amount | None = Field(description="null where no money moves")
    state: Literal["PENDING", "SUCCEEDED", "REFUSED", "UNKNOWN"]
    responseCode: str
    responseMessage: str
    reference: str | None
    startedAt: str
    closedAt: str | None


class TransactionReply(BaseModel):
    success: bool
    transactionId: str
    id: str
    status: Status
    totalAmount: Amount
    currency: str
    description: str
    merchantName: str
    paymentMode: Mode
    paymentId: str
    voucherAmount: Amount
    cardGateway: CardGatewayPart
    breakdown: Breakdown
    capturedAmount: Amount
    releasedAmount: Amount
    vouchers: list[UsedVoucher]
    lastError: LastError | None
    expiresAt: str
    createdAt: str
    completedAt: str | None
    frameOrigins: list[str]
    language: str
    livemode: bool
    returnUrl: str | None
    redirectUrl: str | None = Field(default=None, description="While the payment can still be paid")
    checkoutUrl: str | None = Field(default=None, description="While the payment can still be paid")
    customerEmail: str | None = Field(default=None, description="Secret key only")
    customerId: str | None = Field(default=None, description="Secret key only")
    card: MaskedCard | None = Field(default=None, description="Secret key only")
    refundableAmount: Amount | None = Field(default=None, description="Secret key only")
    attention: str | None = Field(default=None, description="Secret key only: why a person should look")
    operations: list[OperationView] | None = Field(default=None, description="Secret key only: the timeline")


class RefundView(BaseModel):
    refundId: str
    amount: Amount
    reason: str
    status: Literal["PENDING", "SUCCESS", "FAILED"]
    createdAt: str


class RefundsReply(BaseModel):
    transactionId: str
    originalAmount: Amount
    totalRefunded: Amount
    remainingAmount: Amount
    refunds: list[RefundView]


class CardPageReply(BaseModel):
    amount: Amount
    currency: str
    description: str
    merchantName: str
    status: Status
    nextUrl: str | None = Field(description="Where the browser goes on once the card step is over")
    expiresAt: str
    frameOrigins: list[str]
    language: str
    expiresIn: int = Field(description="Seconds by the gateway's own clock")
    returnUrl: str | None


class CardOutcomeReply(BaseModel):
    outcome: Literal["APPROVED", "DECLINED", "CHALLENGE", "CANCELLED"]
    redirectUrl: str | None
    transactionId: str | None = None
    declineCode: str | None = None
    message: str | None = None


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


class LinkView(BaseModel):
    """Times are UTC without a zone, as the guide prints them."""

    success: bool
    transactionId: str
    status: LinkStatus
    paymentId: str | None
    authCode: str | None
    paidAt: str | None
    amount: Amount
    currency: str
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
    status: LinkStatus
    expiresAt: str
    language: str
    frameOrigins: list[str]


class OpenLinkReply(BaseModel):
    success: bool
    redirectUrl: str


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


class DisputeView(BaseModel):
    disputeId: str
    originalTransactionId: str
    amountDisputed: Amount
    currency: str
    reasonCode: Reason
    reasonDescription: str
    status: DisputeStatus
    pspSource: Source
    responseDeadline: str | None
    daysUntilDeadline: int | None = Field(description="Whole days, computed when it is read")
    isUrgent: bool = Field(description="An answer is awaited, and less than three days remain")
    createdAt: str


class DisputeListReply(BaseModel):
    disputes: list[DisputeView]
    currentPage: int
    totalPages: int
    totalItems: int
    nextCursor: str | None


class DisputeStatsReply(BaseModel):
    open: int = Field(description="OPEN and EVIDENCE_REQUIRED")
    underReview: int
    won: int
    lost: int = Field(description="LOST and EXPIRED")
    totalAtRisk: Amount = Field(description="Of those that are open or under review")
    totalLost: Amount


class DisputeResponseView(BaseModel):
    response: str
    evidence: list[str]
    submittedAt: str


class EvidenceView(BaseModel):
    evidenceId: str
    fileName: str
    contentType: str
    size: int


class DisputeTurn(BaseModel):
    status: DisputeStatus
    by: Actor
    at: str


class DisputeReply(DisputeView):
    success: bool
    pspDisputeId: str
    responses: list[DisputeResponseView]
    evidence: list[EvidenceView]
    history: list[DisputeTurn]


class PspReply(BaseModel):
    received: bool
    matched: bool = Field(
        description="False for a message about something else, or about a payment we do not know (202)"
    )
    disputeId: str | None
    status: DisputeStatus | None


class ListedTransaction(BaseModel):
    transactionId: str
    status: Status
    totalAmount: Amount
    currency: str
    cardAmount: Amount
    voucherAmount: Amount
    description: str
    merchantName: str
    customerId: str | None
    linkId: str | None
    attention: str | None = Field(description="Why a person has to look at it; null nearly always")
    createdAt: str
    completedAt: str | None


class TransactionsReply(BaseModel):
    success: bool
    transactions: list[ListedTransaction]
    count: int
    nextCursor: str | None


class CancelReply(BaseModel):
    success: bool
    transactionId: str
    status: Status


REPLIES: Final[dict[str, type[BaseModel]]] = {
    "payment.transaction": TransactionReply,
    "payment.refunds": RefundsReply,
    "payment.cancel": CancelReply,
    "merchant.transactions": TransactionsReply,
    "sandbox.card_page": CardPageReply,
    "sandbox.card_page_submit": CardOutcomeReply,
    "sandbox.card_page_challenge": CardOutcomeReply,
    "sandbox.card_page_cancel": CardOutcomeReply,
    "sandbox.payment_book": BookReply,
    "sandbox.voucher_book": VoucherBookReply,
    "sandbox.messages": MessagesReply,
    **{f"payment_link.{name}": LinkView for name in ("create", "get", "cancel", "verify", "resend")},
    "payment_link.list": LinkListReply,
    "payment_link.public": PublicLinkReply,
    "payment_link.open": OpenLinkReply,
    "token_payment.list": SavedCardsReply,
    "token_payment.set_default": DefaultCardReply,
    "token_payment.delete": CardDeletedReply,
    "dispute.list": DisputeListReply,
    "dispute.stats": DisputeStatsReply,
    "dispute.get": DisputeReply,
    "dispute.psp": PspReply,
}
