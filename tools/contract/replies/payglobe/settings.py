"""A merchant's own settings, and when they were changed."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from shared.domain.payment import Environment
from shared.families.payglobe.fields import Amount


class ConnectorView(BaseModel):
    name: str
    settings: dict[str, str] = Field(description='A secret shows as "(set)"')
    updatedAt: str | None


class ConnectorsView(BaseModel):
    cardGateway: ConnectorView | None
    voucherProvider: ConnectorView | None
    voucherProviders: list[ConnectorView] = Field(
        description="All whose vouchers are taken, in the order to ask them"
    )
    methodProvider: ConnectorView | None


class KeyView(BaseModel):
    kind: Literal["pk", "sk"]
    fingerprint: str = Field(description="The first 8 characters of the key's SHA-256")
    expiresAt: str | None = Field(description="When a key that is being replaced stops working")


class FiguresView(BaseModel):
    paid: int = Field(description="Payments that were paid")
    gross: Amount = Field(description="All that was paid, before refunds")
    vouchers: Amount = Field(description="The part of it that vouchers paid")
    refunds: int
    refunded: Amount
    returned: Amount = Field(description="A part of gross: what banks sent back of charges that had been accepted")
    lost: Amount = Field(description="What banks took in disputes; below zero where they gave back more than that")
    declined: int = Field(description="Payments that ended with their card's last word, which was no")
    givenUp: int = Field(description="Payments that ended otherwise without being paid")
    successRate: Amount | None = Field(
        description="paid of paid and declined, from 0 to 1; null while there is none of either"
    )


class DayView(FiguresView):
    day: str


class CurrencyView(BaseModel):
    currency: str
    today: FiguresView
    week: FiguresView = Field(description="Seven days, today among them")
    month: FiguresView = Field(description="Thirty days")
    days: list[DayView]


class OverviewReply(BaseModel):
    success: bool
    asOf: str
    timeZone: str
    suspendedAt: str | None
    currencies: list[CurrencyView] = Field(description="Those that anything came to, the largest first")


class SettingsReply(BaseModel):
    success: Literal[True]
    merchantId: str
    environment: Environment
    suspendedAt: str | None
    version: int
    settings: dict[str, str | int | list[str]] = Field(
        description="By the names that PATCH takes; limits of keys and s2s-cards are the operator's alone"
    )
    logo: str | None = Field(description="Where the logo is, on the pages' host and on the API's")
    connectors: ConnectorsView
    keys: list[KeyView]


class ChangeView(BaseModel):
    at: str
    by: str | None = Field(description="`person ada@shop.example` or `key 0c4c714f`; null: who runs the gateway")
    what: str
    fields: list[str]


class ChangesReply(BaseModel):
    success: Literal[True]
    changes: list[ChangeView]
    count: int
