"""What the signed API answers when it did what was asked."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from shared.families.paygol.statuses import PaygolStatus


class TokenReply(BaseModel):
    result: Literal[0]
    token: str


class ListedMethod(BaseModel):
    code: str
    name: str
    image: str


class MethodsReply(BaseModel):
    result: Literal[0]
    methods: dict[str, ListedMethod]


class PaygolCustomer(BaseModel):
    first_name: str
    last_name: str
    email: str
    phone: str
    personal_id: str
    country: str


class RedirectUrls(BaseModel):
    success_url: str
    cancel_url: str


class NewTransaction(BaseModel):
    service_id: str
    transaction_id: str
    status: PaygolStatus
    payment_method: str
    amount: str
    currency: str
    payment_method_url: str
    custom: str
    customer: PaygolCustomer
    redirect_urls: RedirectUrls


class CreateReply(BaseModel):
    result: Literal[0]
    data: NewTransaction


class Checkout(BaseModel):
    redirectUrl: str
    transaction_id: str


class CheckoutReply(BaseModel):
    result: Literal[0]
    data: Checkout


class ToldTransaction(BaseModel):
    service_id: str
    transaction_id: str
    status: PaygolStatus
    payment_method: str
    amount: str
    currency: str
    created_at: str
    completed_at: str | None
    custom: str
    customer: PaygolCustomer


class StatusReply(BaseModel):
    result: Literal[0]
    payment: ToldTransaction
