"""Payments, and the page of a card's holder."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from shared.domain.card import Challenge
from tools.contract.replies.brand import BrandView
from tools.contract.replies.glomopay.paging import PageMeta

PageStatus = Literal["pending", "success", "failed"]


class NextStepPayload(BaseModel):
    url: str
    interval_in_ms: int | None = Field(default=None, description="Of the address to poll")


class NextStep(BaseModel):
    action: Literal["redirect", "poll"]
    payload: NextStepPayload


class BegunPaymentReply(BaseModel):
    payment_id: str
    order_id: str
    status: Literal["pending"]
    next_steps: list[NextStep]


class Fee(BaseModel):
    amount: int
    currency: str


class Fees(BaseModel):
    txn_fee: Fee
    fx_fee: Fee
    referral_fee: Fee


class FeeBreakdown(BaseModel):
    txn_fee: list[Fee]
    fx_fee: list[Fee]
    referral_fee: list[Fee]


class CardDetails(BaseModel):
    card_network: str | None
    card_type: str | None
    end_digits: str
    country_code: str | None
    card_holder_name: str | None
    card_bin: str | None
    issuer_name: str | None


class PaymentMethodReply(BaseModel):
    type: Literal["card"]
    details: CardDetails | None


class PaymentReply(BaseModel):
    id: str
    payment_id: str
    payin_id: str | None
    payin_type: Literal["orders", "payment_link"]
    order_id: str | None
    subscription_id: str | None
    status: Literal["in_progress", "success", "failed"]
    compliance_status: str | None
    payment_currency: str
    payment_amount: int
    converted_currency: str
    converted_amount: int
    requested_currency: str
    requested_amount: int
    amount: int
    currency: str
    amount_refunded: int
    purpose_code: str | None
    sender_name: str | None
    notes: dict[str, str]
    request_id: str | None
    error_code: str | None
    error_description: str | None
    customer_error_description: str | None
    paid_at: str | None
    fee_bearer: Literal["merchant"]
    fee_collection_mode: str | None
    created_at: str
    updated_at: str
    customer_id: str | None
    merchant_id: str
    product_name: str | None
    product_description: str | None
    country: str | None
    fees: Fees
    fee_breakdown: FeeBreakdown
    documents: list[str]
    settlement_id: str | None
    funds_available: bool
    payment_method: PaymentMethodReply


class PaymentListReply(BaseModel):
    data: list[PaymentReply]
    page_meta: PageMeta


class ShownCard(BaseModel):
    card_network: str | None
    end_digits: str | None


class ChallengeReply(BaseModel):
    payment_id: str
    status: PageStatus
    redirect_url: str | None
    bank_url: str | None
    challenge: Challenge | None
    amount: int
    currency: str
    amount_text: str = Field(description="In major units, with all the currency's digits")
    merchant_name: str
    brand: BrandView | None
    card: ShownCard
    expires_in: int
    test_mode: bool
    language: str


class AuthenticatedReply(BaseModel):
    status: PageStatus
    redirect_url: str | None
    bank_url: str | None
