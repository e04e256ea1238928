"""A merchant's own settings, and when they were changed."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from shared.domain.payment import Environment


class ConnectorView(BaseModel):
    name: str
    settings: dict[str, str] = Field(description='A secret shows as "(set)"')
    updatedAt: str | None


class ConnectorsView(BaseModel):
    cardGateway: ConnectorView | None
    voucherProvider: ConnectorView | None
    methodProvider: ConnectorView | None


class KeyView(BaseModel):
    kind: Literal["pk", "sk"]
    fingerprint: str = Field(description="The first 8 characters of the key's SHA-256")
    expiresAt: str | None = Field(description="When a key that is being replaced stops working")


class SettingsReply(BaseModel):
    success: Literal[True]
    merchantId: str
    environment: Environment
    suspendedAt: str | None
    version: int
    settings: dict[str, str | int | list[str]] = Field(description="By the names that the operator sets them by")
    connectors: ConnectorsView
    keys: list[KeyView]


class ChangeView(BaseModel):
    at: str
    what: str
    fields: list[str]


class ChangesReply(BaseModel):
    success: Literal[True]
    changes: list[ChangeView]
    count: int
