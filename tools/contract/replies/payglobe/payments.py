"""Payments: one, a list of them, their refunds."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, Field

from shared.domain.payment import Mode, Status
from shared.families.payglobe.fields import Amount
from tools.contract.replies.brand import BrandView

_REVERSIBLE: Final = (
    "From this moment on the voucher cannot be given back, by its issuer's word; null where it said none, for a card,"
    " and for a voucher of which nothing is spent"
)


class CardGatewayPart(BaseModel):
    paymentId: str
    preauthorizedAmount: Amount
    status: Literal["PENDING", "SUCCESS", "FAILED"]
    capturesWhole: bool = Field(description="It captures no part of a hold: what is not owed is given back at once")


class Difference(BaseModel):
    amount: Amount = Field(description="What was captured beyond what was owed")
    givenBack: bool = Field(description="Whether it is back on the card; until then it is tried")


class Breakdown(BaseModel):
    cardAmount: Amount
    voucherAmount: Amount
    paymentMethod: Literal["CARD_ONLY", "CARD_AND_VOUCHER", "VOUCHER_ONLY", "OTHER"]


class VoucherNature(BaseModel):
    issuer: str | None = Field(description="The voucher provider that knows it; null while nobody was asked")
    kind: Literal["SINGLE", "CUMULATIVE", "DAILY", "CANTEEN"] | None
    usedWhole: bool = Field(description="It is used up whatever is spent of it, and no change is given")
    productRule: Literal["FOOD", "READY_TO_EAT"] | None = Field(
        description="What the law lets it pay for, or its issuer where no law is known"
    )
    law: str | None = Field(description="The law that it is under on this day; null where none is known to us")
    expiresOn: str | None = Field(description="Its last day")


class UsedVoucher(VoucherNature):
    serialNumber: str | None
    status: str
    faceValue: Amount
    spentAmount: Amount
    lostAmount: Amount = Field(description="What it was worth beyond spentAmount and nobody gets, as was accepted")
    leftOut: bool = Field(description="Valid and not used, for the reason in responseCode; it stays the customer's")
    reversibleUntil: str | None = Field(description=_REVERSIBLE)
    message: str = Field(description="What its issuer said of it, or why it was left out")
    responseCode: str


class LastError(BaseModel):
    code: str
    message: str


class MaskedCard(BaseModel):
    brand: str
    last4: str
    expiry: str


class CardConsent(BaseModel):
    given: bool
    text: str = Field(description="Version of the words that were shown: docs/consent/")
    language: str
    at: str


class OperationView(BaseModel):
    operation: str
    key: str
    amount: Amount | None = Field(description="null where no money moves")
    state: Literal["PENDING", "SUCCEEDED", "REFUSED", "UNKNOWN"]
    responseCode: str
    responseMessage: str
    reference: str | None
    provisional: bool = Field(description="Accepted by the gateway, which settles it later and may return it")
    startedAt: str
    closedAt: str | None


class PaygolPayer(BaseModel):
    first_name: str
    last_name: str
    email: str
    phone: str
    personal_id: str
    country: str


class PaygolPart(BaseModel):
    """``method`` and ``status`` for everybody; the rest for a secret key."""

    method: str
    status: str
    service_id: str | None = None
    country: str | None = None
    custom: str | None = None
    name: str | None = None
    via: Literal["api", "form"] | None = None
    sub_merchant_id: str | None = None
    sub_merchant_url: str | None = None
    customer: PaygolPayer | None = None


class ThreeDSecure(BaseModel):
    enrolled: bool | None = Field(description="The card takes part in it; null: the gateway does not say")
    authenticated: bool | None = Field(description="Its holder was authenticated")
    liabilityShift: bool | None = Field(description="Its bank bears the risk of a fraud")
    eci: str | None = Field(description="The scheme's indicator")
    status: str | None = Field(description="The gateway's own word for what came of it; Nexi says no more than that")


class SellerProtection(BaseModel):
    status: str = Field(description="PayPal's word: ELIGIBLE, PARTIALLY_ELIGIBLE or NOT_ELIGIBLE")
    disputes: list[str] = Field(
        description="What it covers: UNAUTHORIZED_TRANSACTION (the buyer says it was not them), ITEM_NOT_RECEIVED"
    )


class CardAuthentication(BaseModel):
    networkReference: str | None = Field(description="The card scheme's own number of the payment")
    threeDSecure: ThreeDSecure | None = Field(description="null: the bank was not asked, or nobody says so")
    sellerProtection: SellerProtection | None = Field(
        description="Whether the gateway itself bears the loss of a dispute; null: it does not say. PayPal does"
    )


class TransactionReply(BaseModel):
    success: bool
    transactionId: str
    id: str
    status: Status
    beingChecked: bool = Field(
        description="A card was entered or agreed to; its gateway does not know yet what comes of it, and is asked"
    )
    totalAmount: Amount
    currency: str
    description: str
    merchantName: str
    brand: BrandView | None
    paymentMode: Mode
    paymentId: str
    voucherAmount: Amount
    maxVoucherAmount: Amount | None = Field(description="What of it vouchers may pay, as init said; null: all of it")
    voucherAmountLeft: Amount = Field(description="What vouchers may pay of it yet; 0 once it is over")
    cardGateway: CardGatewayPart
    breakdown: Breakdown
    capturedAmount: Amount
    releasedAmount: Amount
    difference: Difference | None = Field(
        default=None, description="Only where more was captured than was owed, because no part of a hold can be"
    )
    vouchers: list[UsedVoucher]
    lastError: LastError | None
    expiresAt: str
    expiresIn: int = Field(description="Seconds by our own clock, 0 once it is over")
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
    orderId: str | None = Field(default=None, description="Secret key only: the order that it is a try of")
    linkId: str | None = Field(default=None, description="Secret key only: the payment link that it pays")
    reference: str | None = Field(default=None, description="Secret key only: your own number of it")
    gateway: str | None = Field(default=None, description="Secret key only")
    family: str | None = Field(default=None, description="Secret key only: the API that it began with")
    settledBy: str | None = Field(
        default=None, description="Secret key only: who captured or released the hold, where that was a key of yours"
    )
    card: MaskedCard | None = Field(default=None, description="Secret key only")
    cardConsent: CardConsent | None = Field(
        default=None, description="Secret key only: what the customer said when our page asked to save the card"
    )
    cardAuthentication: CardAuthentication | None = Field(
        default=None,
        description="Secret key only: how the card's holder was authenticated, if the gateway says so",
    )
    refundableAmount: Amount | None = Field(
        default=None, description="Secret key only: what a refund may give back now; not what is disputed"
    )
    disputedAmount: Amount | None = Field(
        default=None, description="Secret key only: what customers' banks have taken back, for now or for good"
    )
    disputes: list[str] | None = Field(default=None, description="Secret key only: the newest last, ended ones too")
    attention: str | None = Field(default=None, description="Secret key only: why a person should look")
    operations: list[OperationView] | None = Field(default=None, description="Secret key only: the timeline")
    paygol: PaygolPart | None = Field(default=None, description="Of a payment that began with Paygol's API or forms")


class RefundLeg(BaseModel):
    tender: Literal["card", "voucher"]
    serialNumber: str | None = Field(description="Of the voucher that it goes back to")
    amount: Amount
    status: Literal["PENDING", "SUCCEEDED", "REFUSED", "UNKNOWN"]


class RefundView(BaseModel):
    refundId: str
    amount: Amount
    reason: str
    status: Literal["PENDING", "SUCCESS", "FAILED"]
    createdAt: str
    by: str | None = Field(description="Who asked for it: a key, by the first characters of its fingerprint")
    legs: list[RefundLeg]


class RefundsReply(BaseModel):
    transactionId: str
    originalAmount: Amount
    totalRefunded: Amount
    remainingAmount: Amount = Field(description="Paid and not given back, disputed or not")
    refunds: list[RefundView]


class ListedCard(BaseModel):
    brand: str
    last4: str


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
    disputedAmount: Amount
    attention: str | None = Field(description="Why a person has to look at it; null nearly always")
    refundedAmount: Amount
    customerEmail: str | None
    card: ListedCard | None = Field(description="null before a card was entered")
    method: str | None = Field(description="What it is paid by instead of a card; null: a card")
    reference: str | None = Field(description="Your own number of it")
    orderId: str | None
    gateway: str
    family: str = Field(description="The API that it began with")
    createdAt: str
    completedAt: str | None


class TransactionsReply(BaseModel):
    success: bool
    transactions: list[ListedTransaction]
    count: int
    nextCursor: str | None = Field(description="null: there is no more. A page may be short, or empty, and have one")


class ReceiptReply(BaseModel):
    success: bool
    transactionId: str
    timesSent: int = Field(description="How often it was sent again")


class CancelReply(BaseModel):
    success: bool
    transactionId: str
    status: Status


class VoidReply(BaseModel):
    success: bool
    transactionId: str
    status: str
    voidedAmount: Amount
    voidedAt: str | None = None


class CardPage(BaseModel):
    paymentId: str
    status: str


class InitReply(BaseModel):
    success: bool
    transactionId: str
    id: str
    status: str
    totalAmount: Amount
    currency: str
    redirectUrl: str
    checkoutUrl: str
    igfs: CardPage
    paymentMode: Mode
    clientSecret: str | None = Field(default=None, description="Only for a secret key")


class ChoiceReply(BaseModel):
    success: bool
    transactionId: str
    status: str


class VoucherCheckReply(VoucherNature):
    success: bool
    transactionId: str
    outcome: Literal["VALID", "INVALID", "UNKNOWN"] = Field(
        description="UNKNOWN: nobody has said; the voucher is judged when it is chosen. `responseCode` says why:"
        " provider_unavailable, its issuer does not answer now; judged_when_chosen, asking would reserve the voucher"
    )
    value: Amount | None = Field(description="What the voucher is worth here, in major units; null unless VALID")
    wouldBeLost: Amount | None = Field(description="Of value, were it the only voucher to pay; null unless VALID")
    currency: str
    responseCode: str
    message: str
    checksLeft: int = Field(description="Vouchers of this payment that can still be looked at")


class RefusedLeg(BaseModel):
    tender: str
    amount: Amount
    code: str


class PreviewedPart(BaseModel):
    tender: Literal["card", "voucher"]
    serialNumber: str | None
    amount: Amount
    reversibleUntil: str | None = Field(description=_REVERSIBLE)
    code: Literal["not_reversible", "too_late_to_reverse", "voucher_not_divisible"] | None = Field(
        description="Why this part cannot go back, as its issuer said beforehand: refundAmount is without it"
    )


class RefundReply(BaseModel):
    success: bool
    transactionId: str
    refundAmount: Amount
    refundId: str | None = None
    remainingAmount: Amount | None = Field(default=None, description="Paid and not given back, disputed or not")
    status: str | None = Field(default=None, description="PENDING while a gateway's answer is missing (202)")
    refundedAt: str | None = None
    refused: list[RefusedLeg] | None = Field(default=None, description="What could not be given back, and why")
    outcome: Literal["unknown"] | None = None
    retryAfter: int | None = Field(default=None, description="Seconds until it is worth asking again (202)")
    preview: bool | None = None
    parts: list[PreviewedPart] | None = Field(default=None, description="Of a preview: what would go where")


class CaptureReply(BaseModel):
    success: bool
    transactionId: str
    status: str
    capturedAmount: Amount
    releasedAmount: Amount
    capturedAt: str | None = None
