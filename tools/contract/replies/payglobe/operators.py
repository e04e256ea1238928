"""What operators read at their own door, and what the merchant's one-time link shows."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from shared.domain.payment import Environment


class OperatedMerchant(BaseModel):
    merchantId: str
    name: str
    email: str | None
    createdAt: str
    suspendedAt: str | None
    hasKeys: bool = Field(description="false until its link is opened")
    invitedUntil: str | None = Field(description="Until when its link opens; null: it was opened, or none was sent")
    cardGateways: dict[Environment, str | None] = Field(description="By environment; null: none is set up")


class OperatedMerchantReply(OperatedMerchant):
    success: Literal[True]


class InvitedReply(OperatedMerchantReply):
    link: str | None = Field(default=None, description="What was mailed, where the sandbox captures mails; else null")


class OperatedKey(BaseModel):
    kind: Literal["pk", "sk"]
    environment: Environment
    fingerprint: str = Field(description="The first 8 characters of the key's SHA-256")
    expiresAt: str | None


class OperatedChange(BaseModel):
    at: str
    who: str = Field(description="An operator, the merchant, one of its people, or who ran a command")
    what: str
    fields: list[str]


class OperatedDetailReply(OperatedMerchantReply):
    version: int
    keys: list[OperatedKey]
    changes: list[OperatedChange]


class OperatedListReply(BaseModel):
    success: Literal[True]
    merchants: list[OperatedMerchant] = Field(description="By their names")
    count: int
    hasMore: bool


class WelcomeService(BaseModel):
    service_id: str
    environment: Environment
    secret_key: str


class WelcomeReply(BaseModel):
    success: Literal[True]
    merchantId: str
    name: str
    keys: dict[str, str] = Field(description="pk_test, sk_test, pk_live and sk_live")
    webhookSecrets: dict[Environment, str] = Field(description="What signs notices to a payment's notifyUrl")
    paygol: list[WelcomeService] = Field(description="The services of Paygol's API, one in each environment")
